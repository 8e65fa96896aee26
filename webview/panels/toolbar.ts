// Tools on the left: one tab stop, arrow keys move between buttons, the current tool is pressed.
import type { Session } from '../state/session';
import { activeToolOf } from '../state/selectors';
import { TOOL_IDS, type PageState } from '../state/pageState';
import { watch } from '../state/store';
import type { Tools } from '../tools';
import { h, icon, iconButton, setAttribute } from './dom';
import type { PageCommand, ToolId } from '../../src/shared/protocol/editor';

export type Run = (command: PageCommand, args?: unknown) => void;

interface ViewButton {
  readonly command: PageCommand;
  readonly label: string;
  readonly key: string;
  readonly icon: string;
  readonly testid: string;
}

const VIEW_BUTTONS: readonly ViewButton[] = [
  { command: 'view/zoomIn', label: 'Zoom in', key: '=', icon: 'zoom-in', testid: 'zoom-in' },
  { command: 'view/zoomOut', label: 'Zoom out', key: '-', icon: 'zoom-out', testid: 'zoom-out' },
  { command: 'view/fit', label: 'Fit image', key: 'F', icon: 'screen-full', testid: 'view-fit' },
  {
    command: 'view/actualSize',
    label: 'Actual size (1:1)',
    key: 'Shift+F',
    icon: 'pm-actual',
    testid: 'view-actual',
  },
  {
    command: 'view/toggleMasks',
    label: 'Show masks',
    key: 'M',
    icon: 'eye',
    testid: 'toggle-masks',
  },
  {
    command: 'panel/toggle',
    label: 'Show panel',
    key: 'I',
    icon: 'layout-sidebar-right',
    testid: 'toggle-panel',
  },
];

export function createToolbar(session: Session, tools: Tools, run: Run): HTMLElement {
  const toolButtons = createToolButtons(tools, run);
  const viewButtons = VIEW_BUTTONS.map((button) =>
    iconButton({
      ...button,
      title: `${button.label} (${button.key})`,
      class: 'view-button',
      onClick: () => run(button.command),
    }),
  );
  const all = [...toolButtons.values(), ...viewButtons];
  const element = h(
    'div',
    {
      class: 'toolbar',
      role: 'toolbar',
      testid: 'toolbar',
      attributes: { 'aria-label': 'Tools', 'aria-orientation': 'vertical' },
    },
    ...toolButtons.values(),
    h('div', { class: 'toolbar-divider', role: 'separator' }),
    ...viewButtons,
  );
  rove(element, all);

  watch(session.store, activeToolOf, (tool) => {
    for (const [id, button] of toolButtons)
      setAttribute(button, 'aria-pressed', String(id === tool));
  });
  const toggle = (
    command: PageCommand,
    select: (state: PageState) => boolean,
    icons: readonly [on: string, off: string],
  ): void => {
    const button = viewButtons[VIEW_BUTTONS.findIndex((one) => one.command === command)]!;
    watch(session.store, select, (on) => {
      setAttribute(button, 'aria-pressed', String(on));
      button.replaceChildren(icon(on ? icons[0] : icons[1]));
    });
  };
  toggle('view/toggleMasks', (state) => state.masksVisible, ['eye', 'eye-closed']);
  toggle('panel/toggle', (state) => state.panelOpen, [
    'layout-sidebar-right',
    'layout-sidebar-right-off',
  ]);
  return element;
}

function createToolButtons(tools: Tools, run: Run): ReadonlyMap<ToolId, HTMLButtonElement> {
  const button = (id: ToolId): HTMLButtonElement => {
    const { label, key, icon: iconName } = tools[id];
    return iconButton({
      label,
      title: `${label} (${key})`,
      icon: iconName,
      testid: `tool-${id}`,
      pressed: false,
      onClick: () => run('tool/select', { tool: id }),
    });
  };
  return new Map(TOOL_IDS.map((id) => [id, button(id)]));
}

/** One tab stop for all buttons; arrows, Home and End move between them. */
export function rove(container: HTMLElement, buttons: readonly HTMLElement[]): void {
  buttons.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
  const focus = (target: HTMLElement | undefined): void => {
    if (!target) return;
    for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
    target.focus();
  };
  container.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const last = buttons.length - 1;
    if (step) focus(buttons[(at + step + buttons.length) % buttons.length]);
    else if (event.key === 'Home') focus(buttons[0]);
    else if (event.key === 'End') focus(buttons[last]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  container.addEventListener('focusin', (event) => {
    const target = event.target as HTMLElement;
    if (buttons.includes(target))
      for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
  });
}
