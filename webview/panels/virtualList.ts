// A list that builds only the rows in sight, so that thousands cost what thirty cost. Rows have one height.
import { h } from './dom';

export interface VirtualList<T> {
  readonly element: HTMLElement;
  setItems(items: readonly T[]): void;
  /** builds the visible rows again */
  refresh(): void;
  scrollTo(index: number): void;
}

export interface VirtualListOptions<T> {
  readonly rowHeight: number;
  readonly key: (item: T) => number;
  readonly createRow: () => HTMLElement;
  readonly fillRow: (row: HTMLElement, item: T, index: number) => void;
}

const OVERSCAN = 6;

/** @param element the scrolling listbox; gets the rows as (indirect) children */
export function createVirtualList<T>(
  element: HTMLElement,
  options: VirtualListOptions<T>,
): VirtualList<T> {
  const { rowHeight, key, createRow, fillRow } = options;
  const content = h('div', { class: 'virtual-content', role: 'presentation' });
  const rows = new Map<number, HTMLElement>();
  const spare: HTMLElement[] = [];
  let items: readonly T[] = [];
  element.append(content);

  function render(): void {
    const { scrollTop, clientHeight } = element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
    const end = Math.min(
      items.length,
      Math.ceil((scrollTop + clientHeight) / rowHeight) + OVERSCAN,
    );
    const wanted = items.slice(first, end);
    const keys = new Set(wanted.map(key));
    for (const [id, row] of rows) {
      if (keys.has(id)) continue;
      rows.delete(id);
      row.remove();
      spare.push(row);
    }
    wanted.forEach((item, offset) => {
      const id = key(item);
      const row = rows.get(id) ?? spare.pop() ?? createRow();
      rows.set(id, row);
      row.style.transform = `translateY(${(first + offset) * rowHeight}px)`;
      fillRow(row, item, first + offset);
      // Reading order follows the place in the list.
      const next = content.children[offset];
      if (next !== row) content.insertBefore(row, next ?? null);
    });
  }

  element.addEventListener('scroll', render, { passive: true });
  new ResizeObserver(render).observe(element);
  return {
    element,
    setItems(next) {
      items = next;
      content.style.height = `${items.length * rowHeight}px`;
      render();
    },
    refresh: render,
    scrollTo(index) {
      const top = index * rowHeight;
      const bottom = top + rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
      render();
    },
  };
}
