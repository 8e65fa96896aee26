// A part of a dataset as a dataset: chosen images and annotations, entries with their own text.
import { entryLine } from '../../shared/coco/entryLine';
import type { ListName } from '../../shared/coco/entryTable';
import type { Loaded } from './store';
import { rootMembers, type DatasetText } from './writeDataset';

/** Which rows to keep of each list. */
export type Keep = Readonly<Record<ListName, (row: number) => boolean>>;

/** The kept rows in their order; the texts are made while they are written. */
export function subsetOf(loaded: Loaded, keep: Keep): DatasetText {
  const lines = (name: ListName): Iterable<string> => ({
    *[Symbol.iterator]() {
      const list = loaded.index.lists[name];
      for (let row = 0; list && row < list.entries.length; row++) {
        if (keep[name](row)) yield entryLine(loaded.bytes, list, row);
      }
    },
  });
  return {
    members: rootMembers(loaded),
    lists: {
      images: lines('images'),
      annotations: lines('annotations'),
      categories: lines('categories'),
    },
  };
}
