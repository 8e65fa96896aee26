// Measures, in the browser, a frame of the scene with 300 masks on a 4k image: the page's cached overlay against
// one draw a mask. Loaded by frameTime.test.mjs in place of the page.
import { loadImage } from '../../../webview/canvas/imageSource';
import { drawScene } from '../../../webview/canvas/sceneLayer';
import { pictureOf } from '../../../webview/canvas/maskSprite';
import { ScenePicture } from '../../../webview/canvas/scenePicture';
import { annotationMask } from '../../../webview/state/masks';
import { INITIAL_STATE, type PageState } from '../../../webview/state/pageState';
import { reduce } from '../../../webview/state/reducer';
import { colorOf } from '../../../webview/state/selectors';
import { zoomTo } from '../../../webview/state/viewTransform';
import { crowdedScene, drawScene as drawPicture, objectMask, type Scene } from './fakeScene';

export interface FrameTimes {
  /** milliseconds a frame, median */
  readonly cached: number;
  readonly separate: number;
}

const VIEWPORT = { width: 1600, height: 1000, pixelRatio: 1 };
const REPETITIONS = 15;

function openState(scene: Scene): PageState {
  const annotations = scene.objects.map((object, index) => {
    const { rle, area, bbox } = objectMask(scene, object);
    return {
      id: index + 1,
      image_id: 1,
      category_id: (index % 9) + 1,
      segmentation: rle,
      area,
      bbox,
    };
  });
  const { width, height } = scene;
  const snapshot = {
    protocolVersion: 1,
    revision: 1,
    imageUri: '',
    size: [height, width] as const,
    fileName: '',
    state: {
      image: { id: 1, file_name: '', width, height },
      annotations,
      captions: [],
      categories: [],
      draft: null,
    },
    settings: { hoverPreview: false, maskOpacity: 0.4, brushRadius: 9, pixelGridZoom: 99 },
    model: { id: '', name: '', device: '', state: 'none' as const },
    datasetName: '',
  };
  return [
    { kind: 'viewport', viewport: VIEWPORT } as const,
    { kind: 'snapshot', snapshot } as const,
  ].reduce<PageState>(reduce, INITIAL_STATE);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** @param scale device pixels per image pixel; 0: the whole image in view */
async function measure(scale: number): Promise<FrameTimes> {
  const scene = crowdedScene(3840, 2160, 300);
  const fitted = openState(scene);
  const centre = { x: VIEWPORT.width / 2, y: VIEWPORT.height / 2 };
  const size = fitted.info!.size;
  const state = scale
    ? { ...fitted, view: zoomTo(fitted.view, centre, scale, size, VIEWPORT) }
    : fitted;
  const picture = drawPicture(scene);
  const image = await loadImage(picture.toDataURL(), size);
  const cachedScene = new ScenePicture(size);
  cachedScene.setImage(image);
  cachedScene.update(state, null);
  const bareScene = new ScenePicture(size);
  bareScene.setImage(image);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [VIEWPORT.width, VIEWPORT.height];
  const context = canvas.getContext('2d')!;
  const masks = state.doc!.annotations.map((annotation) => annotationMask(annotation, size));
  const sprites = masks.map((mask, index) =>
    pictureOf(mask, colorOf(state, state.doc!.annotations[index]!)),
  );
  const drawSeparately = (): void => {
    drawScene(context, state, bareScene);
    const { view } = state;
    context.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
    context.globalAlpha = 0.4;
    sprites.forEach((sprite, index) => {
      const { box } = masks[index]!;
      if (sprite) context.drawImage(sprite, box[0], box[1]);
    });
    context.globalAlpha = 1;
  };
  const time = (draw: () => void): number => {
    const start = performance.now();
    draw();
    context.getImageData(0, 0, 1, 1); // waits until it is drawn
    return performance.now() - start;
  };
  const cached: number[] = [];
  const separate: number[] = [];
  for (let n = 0; n < REPETITIONS; n++) {
    cached.push(time(() => drawScene(context, state, cachedScene)));
    separate.push(time(drawSeparately));
  }
  return { cached: median(cached), separate: median(separate) };
}

Object.assign(window, { measureFrames: measure });
