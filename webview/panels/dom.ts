// Building DOM without HTML strings: under the page's policy there is no markup to inject into.
import { drawnIcon } from './icons';

type Child = Node | string | null | undefined | false;

export interface Properties {
  readonly class?: string;
  readonly testid?: string;
  readonly title?: string;
  readonly role?: string;
  /** attributes as they are, e.g. 'aria-pressed'; null leaves one out */
  readonly attributes?: Readonly<Record<string, string | null>>;
  readonly on?: {
    readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void;
  };
}

/** Makes an element with properties and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (properties.class) element.className = properties.class;
  if (properties.testid) element.dataset['testid'] = properties.testid;
  if (properties.title) element.title = properties.title;
  if (properties.role) element.setAttribute('role', properties.role);
  for (const [name, value] of Object.entries(properties.attributes ?? {}))
    if (value !== null) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(properties.on ?? {}))
    element.addEventListener(name, listener as EventListener);
  append(element, children);
  return element;
}

export function append(element: HTMLElement, children: readonly Child[]): void {
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
}

/** A decorative icon of VS Code's icon font, or one of ours ("pm-…"). */
export function icon(name: string): Element {
  const drawn = name.startsWith('pm-') ? drawnIcon(name.slice(3)) : null;
  if (drawn) return drawn;
  return h('i', {
    class: name.startsWith('pm-') ? `pm-icon ${name}` : `codicon codicon-${name}`,
    attributes: { 'aria-hidden': 'true' },
  });
}

export interface ButtonOptions {
  /** accessible name, and tooltip unless `title` is given */
  readonly label: string;
  readonly title?: string;
  readonly icon: string;
  readonly testid?: string;
  readonly class?: string;
  readonly pressed?: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

/** A native button that shows only an icon: full keyboard and accessibility behaviour for free. */
export function iconButton(options: ButtonOptions): HTMLButtonElement {
  const { label, pressed } = options;
  return h(
    'button',
    {
      class: `icon-button ${options.class ?? ''}`.trim(),
      title: options.title ?? label,
      ...(options.testid ? { testid: options.testid } : {}),
      attributes: {
        type: 'button',
        'aria-label': label,
        'aria-pressed': pressed === undefined ? null : String(pressed),
      },
      on: { click: options.onClick },
    },
    icon(options.icon),
  );
}

/** Sets an attribute only when it differs: assistive technology hears about every write. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
