// The canvas area: two stacked canvases, the frame loop, and everything that listens on them.
import type { Size } from '../../src/shared/geometry/types';
import type { PageState } from '../state/pageState';
import { draftOf } from '../state/selectors';
import type { Session } from '../state/session';
import { watch } from '../state/store';
import { panBy, zoomBy } from '../state/viewTransform';
import { createFrameLoop, type FrameLoop } from './frameLoop';
import { loadImage, type ImageSource } from './imageSource';
import { drawInteractive } from './interactiveLayer';
import { listenToKeys } from './keyInput';
import { listenToPointer } from './pointerInput';
import { drawScene } from './sceneLayer';
import { ScenePicture } from './scenePicture';
import type { ToolHost } from './toolHost';
import { WorkingPicture } from './workingPicture';

const ANIMATE_MS = 2500;

export interface CanvasView {
  readonly element: HTMLElement;
  /** a tool changed what it shows */
  invalidate(): void;
}

/** Fields whose change needs the lower canvas drawn again. */
const SCENE_FIELDS = ['view', 'viewport', 'info', 'imageFailed'] as const;
/** Fields whose change may alter masks in the overlay. */
const OVERLAY_FIELDS = ['doc', 'hidden', 'masksVisible', 'settings'] as const;
const INTERACTIVE_FIELDS = [
  'selection',
  'hovered',
  'preview',
  'pending',
  'pointer',
  'crosshair',
  'proposals',
  'tool',
  'temporaryTool',
  'brushRadius',
] as const;

export function createCanvasView(session: Session, toolHost: () => ToolHost): CanvasView {
  const { store } = session;
  const element = document.createElement('div');
  element.className = 'canvas-area';
  const scene = addCanvas(element, 'scene');
  const interactive = addCanvas(element, 'interactive');
  interactive.canvas.dataset['testid'] = 'canvas';
  interactive.canvas.tabIndex = 0;
  interactive.canvas.setAttribute('role', 'application');
  interactive.canvas.setAttribute('aria-roledescription', 'annotation canvas');

  const working = new WorkingPicture();
  let overlayIsOld = true;
  let shownEditing: number | null = null;
  let draftShownAt = -Infinity;
  const loop: FrameLoop = createFrameLoop(
    (layers, phase) => {
      const state = store.get();
      const host = toolHost();
      const editing = host.editing();
      const { scene: shown } = picture;
      if (shown && (overlayIsOld || editing !== shownEditing)) {
        overlayIsOld = false;
        shownEditing = editing;
        if (shown.update(state, editing)) layers = new Set([...layers, 'scene']);
      }
      if (layers.has('scene')) drawScene(scene, state, shown);
      drawInteractive(interactive, { state, shapes: host.shapes(), working, editing, phase });
      interactive.canvas.style.cursor = host.cursor();
    },
    () => isAnimated(store.get(), draftShownAt),
  );

  const picture = createPicture(session, () => {
    overlayIsOld = true;
    loop.invalidate('scene');
  });
  store.subscribe((state, before) => {
    const changed = (fields: readonly (keyof PageState)[]): boolean =>
      fields.some((field) => state[field] !== before[field]);
    if (changed(OVERLAY_FIELDS)) overlayIsOld = true;
    if (draftOf(state) !== draftOf(before)) draftShownAt = performance.now();
    if (changed(SCENE_FIELDS)) loop.invalidate('scene');
    else if (changed(OVERLAY_FIELDS) || changed(INTERACTIVE_FIELDS)) loop.invalidate('interactive');
  });
  followSize(element, [scene.canvas, interactive.canvas], session);
  listen(interactive.canvas, session, toolHost);
  watch(store, describeCanvas, (text) => interactive.canvas.setAttribute('aria-label', text));
  watch(
    store,
    (state) => state.focusRequest,
    (request) => request?.target === 'canvas' && interactive.canvas.focus(),
  );
  return { element, invalidate: () => loop.invalidate('interactive') };
}

function addCanvas(parent: HTMLElement, name: string): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.className = `layer ${name}`;
  parent.append(canvas);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw on.');
  return context;
}

interface Picture {
  image: ImageSource | null;
  scene: ScenePicture | null;
}

/** Keeps the picture of the address and size that the state names. */
function createPicture(session: Session, onReady: () => void): Picture {
  const picture: Picture = { image: null, scene: null };
  const { store } = session;
  watch(
    store,
    (state) => (state.info ? `${state.info.size.join('×')}` : null),
    () => {
      const size = store.get().info?.size;
      picture.scene = size ? new ScenePicture(size) : null;
      if (picture.image) picture.scene?.setImage(picture.image); // the address may stay the same
      onReady();
    },
  );
  watch(
    store,
    (state) => state.info?.imageUri ?? null,
    (uri) => uri !== null && void show(uri, store.get().info!.size),
  );

  async function show(uri: string, size: Size): Promise<void> {
    try {
      const image = await loadImage(uri, size);
      if (store.get().info?.imageUri !== uri) return image.close();
      picture.image?.close();
      picture.image = image;
      picture.scene?.setImage(image);
      store.dispatch({ kind: 'imageFailed', failed: false });
      onReady();
    } catch {
      if (store.get().info?.imageUri !== uri) return;
      store.dispatch({ kind: 'imageFailed', failed: true });
      session.notify(
        'error',
        'The picture cannot be shown. Annotations are kept; check that the file is a readable image and reopen it.',
      );
    }
  }
  return picture;
}

/** Dashes move while the model works and a moment after, so that an open draft costs nothing. */
function isAnimated(state: PageState, draftShownAt: number): boolean {
  if (state.pending) return true;
  return draftOf(state) !== null && performance.now() - draftShownAt < ANIMATE_MS;
}

function followSize(
  element: HTMLElement,
  canvases: readonly HTMLCanvasElement[],
  { store }: Session,
): void {
  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = element;
    const pixelRatio = window.devicePixelRatio || 1;
    if (width === 0 || height === 0) return;
    for (const canvas of canvases) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
    }
    store.dispatch({ kind: 'viewport', viewport: { width, height, pixelRatio } });
  };
  new ResizeObserver(resize).observe(element);
  // Moving the window to another screen, or zooming the window, changes the ratio without a resize.
  const followRatio = (): void => {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', () => (resize(), followRatio()), { once: true });
  };
  followRatio();
}

function listen(canvas: HTMLCanvasElement, session: Session, toolHost: () => ToolHost): void {
  const { store } = session;
  listenToPointer(canvas, {
    down: (event, view) => {
      store.dispatch({ kind: 'crosshair', at: null });
      toolHost().down(event, view, event.timeStamp);
    },
    move: (event, view, pressed) => toolHost().move(event, view, pressed),
    up: (event, view) => toolHost().up(event, view),
    cancel: () => void toolHost().cancel(),
    leave: () => toolHost().leave(),
    zoom(at, factor) {
      const { view, viewport, info } = store.get();
      if (info)
        store.dispatch({ kind: 'view', view: zoomBy(view, at, factor, info.size, viewport) });
    },
    pan(dx, dy) {
      const { view, viewport, info } = store.get();
      if (info) store.dispatch({ kind: 'view', view: panBy(view, dx, dy, info.size, viewport) });
    },
  });
  listenToKeys(canvas, session, toolHost);
}

function describeCanvas(state: PageState): string {
  if (!state.info || !state.doc) return 'Image, loading';
  const { fileName, size } = state.info;
  const count = state.doc.annotations.length;
  const annotations = count === 1 ? '1 annotation' : `${count} annotations`;
  const draft = state.doc.draft ? ', draft shown' : '';
  return `${fileName}, ${size[1]} by ${size[0]} pixels, ${annotations}${draft}. Arrow keys move the crosshair, Space presses.`;
}
