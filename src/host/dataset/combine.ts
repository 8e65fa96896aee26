// Puts datasets together: categories with the same name become one, images of the same file become one, and ids that
// are taken get others. Entries keep their text; only ids, references and paths in them change.
import * as path from 'node:path';
import { fileNameOf, parseEntry, type ListIndex } from '../../shared/coco/cocoIndex';
import { entryLine } from '../../shared/coco/entryLine';
import type { ListName } from '../../shared/coco/entryTable';
import { deepEqual, isPlainObject } from '../../shared/coco/equal';
import { findImagesRoot, imageFile } from './imageLookup';
import type { Loaded, Store } from './store';
import { rootMembers, type DatasetText } from './writeDataset';

export interface CombineReport {
  readonly sources: { file: string; images: number; annotations: number }[];
  /** entries that were taken from several files as one */
  readonly shared: { images: number; categories: number };
  /** entries that got another id */
  readonly renumbered: Record<ListName, number>;
  /** things that could not be kept as they were, one sentence each */
  readonly collisions: string[];
  /** annotations left out because their image or category does not exist in their own file */
  dropped: number;
}

interface Source {
  readonly loaded: Loaded;
  readonly root: string;
  readonly maps: Record<'images' | 'categories', Map<number, number>>;
  /** rows of images and categories that are written; the others are those of an earlier source */
  readonly written: Record<
    'images' | 'categories',
    Map<number, { id: number; file_name?: string }>
  >;
}

/** Plans the combination; the texts are made while they are written. */
export async function combineDatasets(
  store: Store,
  datasets: readonly Loaded[],
  outFile: string,
): Promise<{ dataset: DatasetText; report: CombineReport }> {
  const combiner = new Combiner(path.dirname(outFile));
  for (const loaded of datasets) combiner.add(loaded, await findImagesRoot(store.files, loaded));
  return { dataset: combiner.dataset(), report: combiner.report };
}

class Combiner {
  readonly report: CombineReport = {
    sources: [],
    shared: { images: 0, categories: 0 },
    renumbered: { images: 0, annotations: 0, categories: 0 },
    collisions: [],
    dropped: 0,
  };
  private readonly sources: Source[] = [];
  /** image file or category name → id in the result, and its entry for comparison */
  private readonly known = {
    images: new Map<string, { id: number; entry: unknown }>(),
    categories: new Map<string, { id: number; entry: unknown }>(),
  };
  private readonly taken = { images: new Set<number>(), categories: new Set<number>() };
  private readonly next = { images: 1, annotations: 1, categories: 1 };

  constructor(private readonly outFolder: string) {}

  add(loaded: Loaded, root: string): void {
    const source: Source = {
      loaded,
      root,
      maps: { images: new Map(), categories: new Map() },
      written: { images: new Map(), categories: new Map() },
    };
    this.sources.push(source);
    for (const name of ['images', 'categories'] as const) {
      const list = loaded.index.lists[name];
      for (let row = 0; list && row < list.entries.length; row++)
        this.addEntry(source, name, list, row);
    }
    const { images, annotations } = loaded.index.lists;
    this.report.sources.push({
      file: loaded.path,
      images: images?.entries.length ?? 0,
      annotations: annotations?.entries.length ?? 0,
    });
  }

  private addEntry(
    source: Source,
    name: 'images' | 'categories',
    list: ListIndex,
    row: number,
  ): void {
    const { bytes } = source.loaded;
    const id = list.entries.id[row]!;
    const entry = parseEntry(bytes, list, row);
    if (Number.isNaN(id) || !isPlainObject(entry)) {
      this.report.collisions.push(
        `${source.loaded.path}: ${name}[${row}] has no id and is left out.`,
      );
      return;
    }
    const place = name === 'images' ? this.imagePlace(source, row) : undefined;
    const key =
      place?.key ??
      (name === 'images' ? fileNameOf(bytes, list, row) : String(entry['name']).trim());
    const known = this.known[name].get(key);
    if (known) {
      this.report.shared[name]++;
      if (!source.maps[name].has(id)) source.maps[name].set(id, known.id);
      if (!deepEqual({ ...entry, id: 0 }, known.entry)) {
        this.report.collisions.push(
          `${name} "${key}" differs between files; the first one is kept.`,
        );
      }
      return;
    }
    const given = this.giveId(name, id);
    this.known[name].set(key, { id: given, entry: { ...entry, id: 0 } });
    if (!source.maps[name].has(id)) source.maps[name].set(id, given);
    source.written[name].set(row, { id: given, ...(place ? { file_name: place.fileName } : {}) });
  }

  /** The image's file, and its file_name seen from the folder of the result; undefined where that is not known. */
  private imagePlace(source: Source, row: number): { key: string; fileName: string } | undefined {
    const file =
      source.loaded.imagesRoot === undefined ? null : imageFile(source.loaded, source.root, row);
    if (file === null) return undefined;
    const fileName = path.relative(this.outFolder, file).split(path.sep).join('/');
    // An image outside the result's folder cannot be named in it: its own name is kept.
    return fileName.startsWith('../') ? undefined : { key: file, fileName };
  }

  private giveId(name: 'images' | 'categories', id: number): number {
    const taken = this.taken[name];
    let given = id;
    if (taken.has(id) || !Number.isSafeInteger(id) || id < (name === 'images' ? 0 : 1)) {
      while (taken.has(this.next[name])) this.next[name]++;
      given = this.next[name];
      this.report.renumbered[name]++;
    }
    taken.add(given);
    this.next[name] = Math.max(this.next[name], given + 1);
    return given;
  }

  dataset(): DatasetText {
    const first = this.sources[0];
    const members = first ? rootMembers(first.loaded) : {};
    for (const { loaded } of this.sources.slice(1)) {
      for (const [key, text] of Object.entries(rootMembers(loaded))) members[key] ??= text;
    }
    return {
      members,
      lists: {
        images: { [Symbol.iterator]: () => this.entryLines('images') },
        annotations: { [Symbol.iterator]: () => this.annotationLines() },
        categories: { [Symbol.iterator]: () => this.entryLines('categories') },
      },
    };
  }

  private *entryLines(name: 'images' | 'categories'): Generator<string> {
    for (const { loaded, written } of this.sources) {
      const list = loaded.index.lists[name];
      if (!list) continue;
      for (const [row, changes] of written[name]) {
        const isSame =
          changes.id === list.entries.id[row] &&
          (changes.file_name === undefined ||
            changes.file_name === fileNameOf(loaded.bytes, list, row));
        yield entryLine(loaded.bytes, list, row, isSame ? {} : { ...changes });
      }
    }
  }

  /** Ids above every file's are given to annotations whose own id is taken. */
  private *annotationLines(): Generator<string> {
    const taken = new Set<number>();
    let next = 1;
    for (const { loaded } of this.sources) {
      const entries = loaded.index.lists.annotations?.entries;
      for (let row = 0; entries && row < entries.length; row++) {
        if (entries.id[row]! >= next) next = Math.floor(entries.id[row]!) + 1;
      }
    }
    for (const source of this.sources) {
      const list = source.loaded.index.lists.annotations;
      for (let row = 0; list && row < list.entries.length; row++) {
        const changes = this.annotationChanges(source, list, row);
        if (!changes) {
          this.report.dropped++;
          continue;
        }
        let id = list.entries.id[row]!;
        if (taken.has(id) || !Number.isSafeInteger(id) || id < 1) {
          id = next++;
          changes['id'] = id;
          this.report.renumbered.annotations++;
        }
        taken.add(id);
        yield entryLine(source.loaded.bytes, list, row, changes);
      }
    }
  }

  /** New references; null when they lead nowhere, where another file's image would be hit by chance. */
  private annotationChanges(
    source: Source,
    list: ListIndex,
    row: number,
  ): Record<string, number> | null {
    const changes: Record<string, number> = {};
    for (const [name, field] of [
      ['images', 'image_id'],
      ['categories', 'category_id'],
    ] as const) {
      const id = list.entries[field][row]!;
      if (Number.isNaN(id) && name === 'categories') continue; // a caption
      const mapped = source.maps[name].get(id);
      if (mapped === undefined) return null;
      if (mapped !== id) changes[field] = mapped;
    }
    return changes;
  }
}
