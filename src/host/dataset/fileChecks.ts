// Rules that need the image files: is the file there, and has it the size that the dataset says.
import type { ByteProblem } from '../../shared/coco/cocoIndex';
import { parseEntry } from '../../shared/coco/cocoIndex';
import { isUsableImage } from '../../shared/coco/guards';
import { fileRules } from '../../shared/coco/rules/registry';
import type { Finding, RuleInfo } from '../../shared/coco/rules/rule';
import { toByteProblem } from '../../shared/coco/rules/validate';
import { throwIfCancelled } from '../../shared/protocol/cancel';
import type { CancelSignal } from '../../shared/protocol/wire';
import { findImagesRoot, imageFile } from './imageLookup';
import { readImageHeader, type ImageHeader } from './imageHeader';
import type { Loaded, Store } from './store';

export interface ImageFileFinding {
  readonly row: number;
  readonly rule: RuleInfo;
  readonly finding: Finding;
}

export interface FileCheckOptions {
  readonly only?: ReadonlySet<string>;
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const AT_ONCE = 16;

/** Looks at the file of every image; reads headers only. */
export async function checkImageFiles(
  store: Store,
  loaded: Loaded,
  options: FileCheckOptions = {},
): Promise<ImageFileFinding[]> {
  const images = loaded.index.lists.images;
  const wanted = fileRules.filter(({ id }) => !options.only || options.only.has(id));
  if (!images || wanted.length === 0) return [];
  const root = await findImagesRoot(store.files, loaded);
  const found: ImageFileFinding[] = [];
  const { length } = images.entries;
  for (let row = 0; row < length; row += AT_ONCE) {
    throwIfCancelled(options.signal);
    options.onProgress?.(row, length);
    const rows = Array.from({ length: Math.min(AT_ONCE, length - row) }, (_, k) => row + k);
    const batch = await Promise.all(rows.map((each) => checkImage(store, loaded, root, each)));
    found.push(...batch.filter((each) => each !== null));
  }
  return found.filter(({ rule }) => wanted.includes(rule));
}

/** The findings with their places. */
export function toFileProblems(loaded: Loaded, found: readonly ImageFileFinding[]): ByteProblem[] {
  return found.map(({ rule, row, finding }) =>
    toByteProblem(loaded.bytes, loaded.index, rule, 'images', row, finding),
  );
}

const ruleById = (id: string): RuleInfo => fileRules.find((rule) => rule.id === id)!;

async function checkImage(
  store: Store,
  loaded: Loaded,
  root: string,
  row: number,
): Promise<ImageFileFinding | null> {
  const file = imageFile(loaded, root, row);
  const entry = parseEntry(loaded.bytes, loaded.index.lists.images!, row);
  if (file === null || !isUsableImage(entry)) return null; // other rules tell
  const stamp = await store.files.stamp(file).catch(() => null);
  if (!stamp?.isFile) {
    const finding = { path: ['file_name'], message: `There is no file ${file}.` };
    return { row, rule: ruleById('image-file-missing'), finding };
  }
  const header = await readImageHeader(file).catch(() => null);
  const found = header && compareSize(entry.width, entry.height, header);
  return found && { row, rule: ruleById(found.rule), finding: found.finding };
}

function compareSize(
  width: number,
  height: number,
  header: ImageHeader,
): { rule: string; finding: Finding } | null {
  const isTurned = header.orientation >= 5;
  const shown = isTurned
    ? { width: header.height, height: header.width }
    : { width: header.width, height: header.height };
  if (width === shown.width && height === shown.height) return null;
  const message = `The image is ${shown.width} × ${shown.height} pixels as displayed, the dataset says ${width} × ${height}.`;
  const finding = { path: ['width'], message };
  if (width !== shown.height || height !== shown.width)
    return { rule: 'image-size-mismatch', finding };
  // Annotations of a turned image were made on the unturned pixels, so exchanging the sides alone would be wrong.
  if (isTurned) return { rule: 'image-size-unrotated', finding };
  const fix: Finding['fix'] = (entry) => ({ ...entry, ...shown });
  return { rule: 'image-size-swapped', finding: { ...finding, fix } };
}
