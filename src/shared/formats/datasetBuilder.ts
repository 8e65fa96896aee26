// Makes COCO entries of what a reader finds: numbers ids from 1, finds images and categories by name, and computes
// bbox and area from the mask. Keeps images and categories; annotations go straight on.
import { measure, runsOf } from '../coco/segmentation';
import { readFileName } from '../coco/fileNames';
import type { CocoCategory, CocoImage, InstanceAnnotation, Segmentation } from '../coco/types';
import { polygonArea } from '../geometry/polygon';
import { roundTo } from '../geometry/round';
import type { Bbox, Size } from '../geometry/types';
import type { DatasetSink } from './format';
import { messageOf, type LossLog, type Where } from './lossLog';

/** An object as a reader finds it: with a segmentation, or a bbox alone. */
export interface FoundObject {
  readonly segmentation?: Segmentation;
  readonly bbox?: Bbox;
  /** further fields of the annotation, e.g. score, attributes, keypoints */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The longest side of an image that is believed; a file that says more is damaged. */
const MOST_SIDE = 1 << 20;

export class DatasetBuilder {
  private readonly images = new Map<string, CocoImage>();
  private readonly categories = new Map<string, CocoCategory>();
  private readonly taken = { images: new Set<number>(), categories: new Set<number>() };
  private annotations = 0;

  constructor(
    private readonly losses: LossLog,
    private readonly sink: DatasetSink,
  ) {}

  /**
   * The image of this name, added when it is new; null, with a loss, when the name or the size cannot be used.
   *
   * @param where place in the source, for the loss
   * @param fields further fields; an id among them is given to the image when it is free
   */
  image(
    fileName: string,
    size: Size | undefined,
    where: Where,
    fields: Readonly<Record<string, unknown>> = {},
  ): CocoImage | null {
    const name = readFileName(fileName);
    if (!name.ok) {
      this.losses.add('file-name', `An image's file name ${name.reason}; it is left out.`, where);
      return null;
    }
    const known = this.images.get(name.relative);
    if (known) return known;
    if (!size || !size.every((side) => Number.isInteger(side) && side > 0 && side <= MOST_SIDE)) {
      const message = 'The size of an image is not known; it is left out with its annotations.';
      this.losses.add('image-size', message, where);
      return null;
    }
    const id = giveId(this.taken.images, fields['id']);
    const [height, width] = size;
    const image = { ...fields, id, file_name: name.relative, width, height };
    this.images.set(name.relative, image);
    this.sink.image(image);
    return image;
  }

  /** The category of this name, added when it is new; fields it does not have yet are added, an id if it is free. */
  category(name: string, fields: Readonly<Record<string, unknown>> = {}): CocoCategory {
    const known = this.categories.get(name) ?? {
      id: giveId(this.taken.categories, fields['id']),
      name,
    };
    const category = { ...fields, ...known };
    this.categories.set(name, category);
    return category;
  }

  /** Adds an object; what has no area or cannot be read becomes a loss. */
  object(image: CocoImage, category: CocoCategory, found: FoundObject, where: Where): void {
    const shape = this.shapeOf(found, [image.height, image.width], where);
    if (!shape) return;
    this.sink.annotation({
      id: ++this.annotations,
      image_id: image.id,
      category_id: category.id,
      iscrowd: 0,
      ...shape,
      ...found.fields,
    });
  }

  caption(image: CocoImage, caption: string): void {
    this.sink.annotation({ id: ++this.annotations, image_id: image.id, caption });
  }

  listCategories(): readonly CocoCategory[] {
    return [...this.categories.values()];
  }

  private shapeOf(
    found: FoundObject,
    size: Size,
    where: Where,
  ): Pick<InstanceAnnotation, 'segmentation' | 'bbox' | 'area'> | null {
    const { segmentation } = found;
    if (segmentation === undefined) return this.boxOf(found.bbox, where);
    try {
      const { bbox, area } = measure(runsOf(segmentation, size));
      if (area > 0) return { segmentation, bbox, area };
    } catch (error) {
      this.losses.add('shape-unreadable', `A shape is left out: ${messageOf(error)}`, where);
      return null;
    }
    const small = Array.isArray(segmentation) ? smallPolygon(segmentation.flat()) : null;
    if (small) return { segmentation, ...small };
    this.losses.add('shape-empty', 'A shape without area is left out.', where);
    return null;
  }

  private boxOf(
    bbox: Bbox | undefined,
    where: Where,
  ): Pick<InstanceAnnotation, 'bbox' | 'area'> | null {
    const rounded = bbox?.map((value) => roundTo(value, 2)) as unknown as Bbox | undefined;
    if (rounded && rounded.every(Number.isFinite) && rounded[2] > 0 && rounded[3] > 0) {
      return { bbox: rounded, area: roundTo(rounded[2] * rounded[3], 2) };
    }
    this.losses.add('shape-empty', 'A shape without area is left out.', where);
    return null;
  }
}

/** The wanted id when it is one and free, else one above all that were given. */
function giveId(taken: Set<number>, wanted: unknown): number {
  const isFree =
    Number.isSafeInteger(wanted) && (wanted as number) > 0 && !taken.has(wanted as number);
  let id = isFree ? (wanted as number) : taken.size + 1;
  while (taken.has(id)) id++;
  taken.add(id);
  return id;
}

/** A polygon so small that it covers no pixel centre still has a box and an area. */
function smallPolygon(ring: readonly number[]): { bbox: Bbox; area: number } | null {
  const area = polygonArea(ring);
  if (!(area > 0)) return null;
  const xs = ring.filter((_, i) => i % 2 === 0);
  const ys = ring.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { bbox: [x, y, Math.max(...xs) - x, Math.max(...ys) - y], area: roundTo(area, 4) };
}
