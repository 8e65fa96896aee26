// What a written format leaves out of a dataset. Each writer names the features it keeps; all else that the dataset
// has is a loss.
import { isPlainObject } from '../coco/equal';
import type { CocoCategory, CocoImage, Entry } from '../coco/types';
import type { Dataset } from './format';
import type { LossLog } from './lossLog';

/** A feature of COCO that a format may keep; the text says what its loss means. */
const FEATURES = {
  mask: 'Masks are not kept: objects are reduced to their boxes.',
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

/** Notes every feature the dataset has and the format does not keep. */
export function noteUnkept(dataset: Dataset, kept: readonly Feature[], losses: LossLog): void {
  const note = (feature: Feature, where: string): void => {
    if (!kept.includes(feature)) losses.add(feature, FEATURES[feature], where);
  };
  const images = new Set(dataset.images.map((image) => image.id));
  for (const annotation of dataset.annotations) {
    const where = `annotation ${annotation.id}`;
    noteAnnotation(annotation, (feature) => note(feature, where));
    if (!images.has(annotation.image_id)) {
      losses.add('image-missing', 'An annotation of an unknown image is left out.', where);
    }
  }
  const used = new Set(dataset.annotations.map((annotation) => annotation['category_id']));
  const unused = dataset.categories.find((category) => !used.has(category.id));
  if (unused) note('unused-categories', `category ${unused.id}`);
  if (dataset.categories.length > 1) note('categories', `category ${dataset.categories[1]!.id}`);
  for (const category of dataset.categories) {
    noteCategory(category, (feature) => note(feature, `category ${category.id}`));
  }
  const filled = new Set(dataset.annotations.map((annotation) => annotation.image_id));
  for (const image of dataset.images) {
    if (!filled.has(image.id)) note('empty-images', `image ${image.id}`);
    noteImage(image, (feature) => note(feature, `image ${image.id}`));
  }
  for (const name of ['images', 'annotations', 'categories'] as const) {
    const odd = dataset[name].find((entry, i) => entry.id !== i + 1);
    if (odd) note('ids', `${name} id ${odd.id}`);
  }
}

function noteAnnotation(annotation: Entry, note: (feature: Feature) => void): void {
  if (annotation['segmentation'] !== undefined) note('mask');
  const noted = new Set<Feature>();
  for (const [key, value] of Object.entries(annotation)) {
    if (PLAIN_FIELDS.has(key) || isNothing(value)) continue;
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
