// Runs the current tool: gives it pointer input, carries out its effects, answers Enter, Escape and Backspace.
import { roundTo } from '../../src/shared/geometry/round';
import type { ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import type { ToolId } from '../../src/shared/protocol/editor';
import { EMPTY_PROMPT } from '../../src/shared/protocol/prompt';
import type { GesturePort } from '../state/commands';
import { hitTest } from '../state/hitTest';
import { activeToolOf, draftOf, isEditable } from '../state/selectors';
import type { Session } from '../state/session';
import { panBy, toImage, toView } from '../state/viewTransform';
import type { Tools } from '../tools';
import { DECIMALS } from '../tools/polygonEdit';
import type { PointerInput, Shape, Tool, ToolContext, ToolEffect } from '../tools/tool';

const DOUBLE_CLICK_MS = 400;
const DOUBLE_CLICK_PX = 6;

type Modifiers = Pick<MouseEvent, 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'button'>;

const NO_MODIFIERS: Modifiers = {
  altKey: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  button: 0,
};

export class ToolHost implements GesturePort {
  /** the tool of the gesture under way: changing tools by key does not hand a gesture over */
  private gesture: Tool | null = null;
  private lastInput: PointerInput | null = null;
  private lastDown = { time: -Infinity, view: { x: 0, y: 0 } as ViewPoint, clicks: 0 };

  constructor(
    private readonly session: Session,
    private readonly tools: Tools,
    private readonly onChange: () => void,
  ) {}

  get tool(): Tool {
    return this.gesture ?? this.tools[activeToolOf(this.session.store.get())];
  }

  down(event: Modifiers, view: ViewPoint, time: number): void {
    const near =
      time - this.lastDown.time < DOUBLE_CLICK_MS &&
      Math.hypot(view.x - this.lastDown.view.x, view.y - this.lastDown.view.y) < DOUBLE_CLICK_PX;
    this.lastDown = { time, view, clicks: near ? this.lastDown.clicks + 1 : 1 };
    this.session.store.dispatch({ kind: 'dismissNotice' });
    this.gesture = this.tool;
    this.gesture.down(this.input(event, view), this.context());
    this.onChange();
  }

  move(event: Modifiers, view: ViewPoint, pressed: boolean): void {
    const { store } = this.session;
    const input = this.input(event, view);
    this.tool.move(input, pressed && this.gesture !== null, this.context());
    // Seen after the tool: the hand has just moved the image.
    store.dispatch({ kind: 'pointer', at: toImage(store.get().view, view) });
    this.onChange();
  }

  up(event: Modifiers, view: ViewPoint): void {
    const tool = this.gesture;
    this.gesture = null;
    tool?.up(this.input(event, view), this.context());
    this.onChange();
  }

  leave(): void {
    this.session.store.dispatch({ kind: 'pointer', at: null });
    this.session.store.dispatch({ kind: 'hover', id: null });
    this.session.preview(null);
    this.onChange();
  }

  /** A click by keyboard, at an image point. */
  press(at: ImagePoint, view: ViewPoint, modifiers: Modifiers): void {
    this.move(modifiers, view, false);
    this.down(modifiers, view, -Infinity);
    this.up(modifiers, view);
    this.session.store.dispatch({ kind: 'crosshair', at });
  }

  /** The crosshair moved: the tool follows as if the pointer had. */
  follow(): void {
    const { crosshair, view } = this.session.store.get();
    if (!crosshair) return;
    this.tool.move(this.input(NO_MODIFIERS, toView(view, crosshair)), false, this.context());
    this.onChange();
  }

  get isBusy(): boolean {
    return this.tool.isBusy?.() ?? false;
  }

  finish(): boolean {
    return this.ask(this.tool.finish?.(this.context()) ?? false);
  }

  cancel(): boolean {
    const tool = this.tool;
    this.gesture = null;
    return this.ask(tool.cancel(this.context()));
  }

  stepBack(): boolean {
    return this.ask(this.tool.stepBack?.(this.context()) ?? false);
  }

  shapes(): readonly Shape[] {
    const context = this.context();
    const active = this.tool.shapes(context);
    // A stroke handed over stays visible until it is part of the document, also when the tool was changed.
    const settling = (['brush', 'eraser'] as const)
      .filter((id) => this.tools[id] !== this.tool)
      .flatMap((id) => this.tools[id].shapes(context).filter((shape) => shape.kind === 'mask'));
    return [...settling, ...active];
  }

  editing(): number | null {
    for (const id of Object.keys(this.tools) as ToolId[]) {
      const editing = this.tools[id].editing?.() ?? null;
      if (editing !== null) return editing;
    }
    return null;
  }

  cursor(): string {
    return this.tool.cursor(this.lastInput, this.context());
  }

  private ask(used: boolean): boolean {
    this.onChange();
    return used;
  }

  private input(event: Modifiers, view: ViewPoint): PointerInput {
    const { view: transform } = this.session.store.get();
    this.lastInput = {
      at: rounded(toImage(transform, view)),
      view,
      button: event.button === 2 ? 'secondary' : event.button === 1 ? 'middle' : 'primary',
      alt: event.altKey,
      shift: event.shiftKey,
      toggle: event.ctrlKey || event.metaKey,
      clicks: this.lastDown.clicks,
    };
    return this.lastInput;
  }

  private context(): ToolContext {
    const state = this.session.store.get();
    return {
      state,
      hits: (at) => hitTest(state, at),
      emit: (effect) => this.carryOut(effect),
    };
  }

  private carryOut(effect: ToolEffect): void {
    const { session } = this;
    const { store } = session;
    const settle = (done?: () => void) => (): void => {
      done?.();
      this.onChange();
    };
    switch (effect.kind) {
      case 'select':
        return store.dispatch(effect);
      case 'hover':
        return store.dispatch({ kind: 'hover', id: effect.id });
      case 'prompt':
        return void session.prompt(effect.change);
      case 'preview':
        return this.preview(effect.at);
      case 'apply':
        return void session.apply(effect.label, effect.intents);
      case 'create':
        return void session.create({ ...effect, done: settle(effect.done) });
      case 'paint':
        return void session
          .paint(effect.target, effect.mask, effect.tool)
          .finally(settle(effect.done));
      case 'pan': {
        const { view, viewport, info } = store.get();
        if (!info) return undefined;
        return store.dispatch({
          kind: 'view',
          view: panBy(view, effect.dx, effect.dy, info.size, viewport),
        });
      }
      case 'pickCategory':
        return store.dispatch({ kind: 'picker', purpose: 'assign' });
      case 'addProposal':
        return void session.addProposals([effect.proposal]);
      case 'notice':
        return session.notify('info', effect.message);
    }
  }

  private preview(at: ImagePoint | null): void {
    const state = this.session.store.get();
    const wanted =
      at !== null &&
      state.settings.hoverPreview &&
      isEditable(state) &&
      !draftOf(state) &&
      !state.pending &&
      state.selection.length === 0;
    this.session.preview(wanted ? { ...EMPTY_PROMPT, points: [{ at, label: 1 }] } : null);
  }
}

function rounded({ x, y }: ImagePoint): ImagePoint {
  return { x: roundTo(x, DECIMALS), y: roundTo(y, DECIMALS) };
}
