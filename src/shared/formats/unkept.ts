// What a written format leaves out of a dataset. Each format names the features it keeps; all else that the dataset
// has is a loss.
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage, Entry } from '../coco/types';
import type { ImageRecord } from './format';
import type { LossLog } from './lossLog';

/** A feature of COCO that a format may keep; the text says what its loss means. */
export const FEATURES = {
  mask: 'Masks are not kept: objects are reduced to their boxes.',
  box: 'Boxes are not kept: objects without a mask are left out, others get the box of their mask.',
  overlap: 'Overlaps are not kept: a pixel belongs to the object that comes last.',
  instances: 'Objects are not kept apart: those of a category become one area.',
  crowd: 'The crowd flag is not kept.',
  attributes: 'Attributes are not kept.',
  score: 'Scores are not kept.',
  keypoints: 'Keypoints are not kept.',
  provenance: 'How masks were made (promptmark) is not kept.',
  caption: 'Captions are not kept.',
  supercategory: 'Supercategories are not kept.',
  categories: 'Categories are not kept: all objects become one kind.',
  'unused-categories': 'Categories without annotations are not kept.',
  'annotation-fields': 'Further fields of annotations are not kept.',
  'category-fields': 'Further fields of categories are not kept.',
  'image-fields': 'Further fields of images are not kept.',
  'empty-images': 'Images without annotations are not kept.',
  ids: 'Ids are not kept: reading the files again numbers them anew.',
} as const;

export type Feature = keyof typeof FEATURES;

/** Features that only the writer can see missing in a dataset, not its fields. */
const TOLD_BY_WRITERS: readonly Feature[] = ['box', 'overlap', 'instances'];

const ANNOTATION_FIELDS: Readonly<Record<string, Feature>> = {
  iscrowd: 'crowd',
  attributes: 'attributes',
  score: 'score',
  keypoints: 'keypoints',
  num_keypoints: 'keypoints',
  promptmark: 'provenance',
  caption: 'caption',
};
const PLAIN_FIELDS = new Set(['id', 'image_id', 'category_id', 'bbox', 'area', 'segmentation']);

/** Notes every feature the dataset has and the format does not keep, one image after the other. */
export class UnkeptNotes {
  private readonly kept: ReadonlySet<Feature>;
  private readonly used = new Set<unknown>();
  private readonly expected = { images: 1, annotations: 1 };

  constructor(
    kept: readonly Feature[],
    private readonly ownFields: readonly string[],
    private readonly losses: LossLog,
  ) {
    this.kept = new Set([...kept, ...TOLD_BY_WRITERS]);
  }

  record({ image, annotations }: ImageRecord): void {
    const where = `image ${image.id}`;
    if (image.id !== this.expected.images++) this.note('ids', `images id ${image.id}`);
    if (annotations.length === 0) this.note('empty-images', where);
    noteImage(image, (feature) => this.note(feature, where));
    for (const annotation of annotations) {
      const { id } = annotation;
      this.used.add(annotation['category_id']);
      if (id !== this.expected.annotations++) this.note('ids', `annotations id ${id}`);
      noteAnnotation(annotation, this.ownFields, (feature) =>
        this.note(feature, `annotation ${id}`),
      );
    }
  }

  /** At the end, when it is known which ones are used. */
  categories(categories: readonly CocoCategory[]): void {
    const unused = categories.find((category) => !this.used.has(category.id));
    if (unused) this.note('unused-categories', `category ${unused.id}`);
    if (categories.length > 1) this.note('categories', `category ${categories[1]!.id}`);
    categories.forEach((category, k) => {
      if (category.id !== k + 1) this.note('ids', `categories id ${category.id}`);
      noteCategory(category, (feature) => this.note(feature, `category ${category.id}`));
    });
  }

  private note(feature: Feature, where: string): void {
    if (!this.kept.has(feature)) this.losses.add(feature, FEATURES[feature], where);
  }
}

function noteAnnotation(
  annotation: Entry,
  ownFields: readonly string[],
  note: (feature: Feature) => void,
): void {
  if (annotation['segmentation'] !== undefined) note('mask');
  const noted = new Set<Feature>();
  for (const [key, value] of Object.entries(annotation)) {
    if (PLAIN_FIELDS.has(key) || ownFields.includes(key) || isNothing(value)) continue;
    noted.add(ANNOTATION_FIELDS[key] ?? 'annotation-fields');
  }
  for (const feature of noted) note(feature);
}

function noteCategory(category: CocoCategory, note: (feature: Feature) => void): void {
  for (const [key, value] of Object.entries(category)) {
    if (key === 'supercategory' && value !== '') note('supercategory');
    else if (key === 'keypoints' || key === 'skeleton') note('keypoints');
    else if (!['id', 'name', 'supercategory'].includes(key)) note('category-fields');
  }
}

function noteImage(image: CocoImage, note: (feature: Feature) => void): void {
  const known = ['id', 'file_name', 'width', 'height'];
  if (Object.keys(image).some((key) => !known.includes(key))) note('image-fields');
}

/** Values that say as much as a missing field: iscrowd 0, no attributes. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === 0) return true;
  return isPlainObject(value) && Object.keys(value).length === 0;
}
