// Answers prompts from the known objects of a scene, the way a good model would.
import type { Bbox } from '../../../src/shared/geometry/types';
import { areaOf } from '../../../src/shared/mask/area';
import { bboxOf } from '../../../src/shared/mask/bbox';
import { subtract, union } from '../../../src/shared/mask/combine';
import { runsFromString, runsToString } from '../../../src/shared/mask/rleString';
import type { Runs } from '../../../src/shared/mask/types';
import type { Candidate, Prompt } from '../../../src/shared/protocol/prompt';
import { contains, maskWhere, objectMask, type Scene, type SceneObject } from './fakeScene';

const known = new WeakMap<SceneObject, Map<number, Runs>>();

/** Made once for each: at 4k making one takes longer than a frame. */
function runsOfObject(scene: Scene, object: SceneObject, grow: number): Runs {
  const sizes = known.get(object) ?? new Map<number, Runs>();
  known.set(object, sizes);
  const runs = sizes.get(grow) ?? runsFromString(objectMask(scene, object, grow).rle);
  sizes.set(grow, runs);
  return runs;
}

/** Objects under positive prompts, and a disc cut out around each negative one; three granularities for one point. */
export function predict(scene: Scene, prompt: Prompt): readonly Candidate[] {
  const positives = prompt.points.filter(({ label }) => label === 1).map(({ at }) => at);
  for (const { path, label } of prompt.scribbles) if (label === 1) positives.push(...path);
  const hit = scene.objects.filter(
    (object) => positives.some(({ x, y }) => contains(object, x, y)) || isInBox(object, prompt.box),
  );
  const grows = positives.length === 1 && hit.length === 1 ? [1, 0.6, 1.3] : [1];
  return grows.map((grow, index) => candidate(scene, prompt, hit, grow, 0.95 - 0.2 * index));
}

function candidate(
  scene: Scene,
  prompt: Prompt,
  objects: readonly SceneObject[],
  grow: number,
  score: number,
): Candidate {
  const size = [scene.height, scene.width] as const;
  let runs: Runs = { size, counts: Uint32Array.of(scene.width * scene.height) };
  if (prompt.mask) runs = union(runs, runsFromString(prompt.mask));
  for (const object of objects) runs = union(runs, runsOfObject(scene, object, grow));
  for (const { at, label } of prompt.points) {
    if (label === 1) continue;
    const radius = 20;
    const box: Bbox = [at.x - radius, at.y - radius, 2 * radius, 2 * radius];
    const disc = maskWhere(scene, box, (x, y) => Math.hypot(x - at.x, y - at.y) <= radius);
    runs = subtract(runs, runsFromString(disc.rle));
  }
  return {
    segmentation: runsToString(runs),
    bbox: bboxOf(runs),
    area: areaOf(runs),
    iou_score: score,
    stability_score: 0.97,
  };
}

function isInBox(object: SceneObject, box: Prompt['box']): boolean {
  if (!box) return false;
  const [x0, y0, x1, y1] = box;
  return object.cx > x0 && object.cx < x1 && object.cy > y0 && object.cy < y1;
}
