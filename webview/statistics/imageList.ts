// The images behind what was chosen: a list whose rows open the image on the canvas.
import type { ImageList, ListedImage } from '../../src/shared/coco/imagesWith';
import { h, iconButton, setAttribute, setText } from '../panels/dom';
import { createVirtualList } from '../panels/virtualList';
import { count, plural } from './numbers';

const ROW_HEIGHT = 24;
const id = (imageId: number): string => `image-${imageId}`;

export interface ImagesPane {
  readonly element: HTMLElement;
  /** shows that images are looked for */
  wait(title: string): void;
  show(list: ImageList): void;
  fail(message: string): void;
  close(): void;
}

export interface ImagesPaneOptions {
  readonly onOpen: (image: ListedImage) => void;
  readonly onClose: () => void;
}

export function createImagesPane({ onOpen, onClose }: ImagesPaneOptions): ImagesPane {
  const title = h('h2', { attributes: { id: 'images-title' } });
  const note = h('p', { class: 'about', role: 'status' });
  const list = h('div', {
    class: 'image-list',
    role: 'listbox',
    testid: 'images',
    attributes: { tabindex: '0', 'aria-labelledby': 'images-title' },
  });
  let images: readonly ListedImage[] = [];
  let active = 0;
  const rows = createVirtualList<ListedImage>(list, {
    rowHeight: ROW_HEIGHT,
    key: (image) => image.id,
    createRow: () =>
      h(
        'div',
        { class: 'row image-row', role: 'option' },
        h('span', { class: 'row-name' }),
        h('span', { class: 'row-detail' }),
      ),
    fillRow: (row, image, index) => fillRow(row, image, index === active),
  });
  const activate = (index: number): void => {
    active = Math.min(Math.max(index, 0), images.length - 1);
    rows.scrollTo(active);
    const image = images[active];
    setAttribute(list, 'aria-activedescendant', image ? id(image.id) : null);
  };
  const openAt = (index: number): void => {
    const image = images[index];
    if (image) onOpen(image);
  };
  list.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('.image-row');
    const index = images.findIndex((image) => row?.id === id(image.id));
    if (index < 0) return;
    activate(index);
    openAt(index);
  });
  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW_HEIGHT) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -images.length,
      End: images.length,
    };
    const step = steps[event.key];
    if (step !== undefined) activate(active + step);
    else if (event.key === 'Enter') openAt(active);
    else return;
    event.preventDefault();
  });
  const close = iconButton({ label: 'Close the list', icon: 'close', onClick: onClose });
  const element = h(
    'aside',
    { class: 'images', testid: 'images-pane', attributes: { 'aria-labelledby': 'images-title' } },
    h('div', { class: 'card-head' }, title, close),
    note,
    list,
  );
  element.hidden = true;
  const fill = (found: readonly ListedImage[], text: string): void => {
    images = found;
    setText(note, text);
    list.hidden = found.length === 0;
    rows.setItems(found);
    activate(0);
  };
  return {
    element,
    wait(text) {
      element.hidden = false;
      setText(title, text);
      fill([], 'Looking…');
    },
    show({ images: found, total }) {
      fill(found, describe(found.length, total));
      if (found.length > 0) list.focus();
    },
    fail: (message) => fill([], message),
    close() {
      element.hidden = true;
    },
  };
}

function describe(shown: number, total: number): string {
  if (total === 0) return 'No image.';
  const all = plural(total, 'image');
  return shown < total ? `The first ${count(shown)} of ${all}.` : `${all}. Enter opens one.`;
}

function fillRow(row: HTMLElement, image: ListedImage, isActive: boolean): void {
  row.id = id(image.id);
  setAttribute(row, 'aria-selected', String(isActive));
  const [name, detail] = [row.children[0]!, row.children[1]!];
  setText(name, image.file_name || `image ${image.id}`);
  setText(detail, count(image.annotations));
  row.title = `${image.file_name}, ${plural(image.annotations, 'annotation')}`;
}
