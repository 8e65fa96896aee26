// Validates a loaded file: the rules over its bytes, and those over its image files.
import { validateSteps } from '../../shared/coco/rules/validate';
import type { Problem } from '../../shared/protocol/dataset';
import type { CancelSignal } from '../../shared/protocol/wire';
import { checkImageFiles, toFileProblems } from './fileChecks';
import { inSteps } from './inSteps';
import { toProblems } from './problems';
import type { Loaded, Store } from './store';

export interface ValidateFileOptions {
  readonly only?: ReadonlySet<string>;
  readonly mostPerRule?: number;
  /** look at the image files too; default true */
  readonly imageFiles?: boolean;
  readonly signal?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FileValidation {
  /** in the order of their places */
  readonly problems: readonly Problem[];
  /** findings of each rule; more than `problems` holds where there were very many */
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs in steps, so that messages are handled meanwhile and the work can be cancelled. */
export async function validateFile(
  store: Store,
  loaded: Loaded,
  options: ValidateFileOptions = {},
): Promise<FileValidation> {
  const { only, mostPerRule = 1000, signal, onProgress } = options;
  const chosen = { ...(only ? { only } : {}), mostPerRule };
  const total = loaded.index.lists.annotations?.entries.length ?? 0;
  const { problems, counts } = await inSteps(validateSteps(loaded.bytes, loaded.index, chosen), {
    ...(signal ? { signal } : {}),
    onProgress: (done) => onProgress?.(done, total),
  });
  const files =
    options.imageFiles === false
      ? []
      : await checkImageFiles(store, loaded, withSignal(only, signal));
  const all = { ...counts };
  const kept = files.filter(({ rule: { id } }) => (all[id] = (all[id] ?? 0) + 1) <= mostPerRule);
  const found = [...problems, ...toFileProblems(loaded, kept)].sort((a, b) => a.start - b.start);
  return { problems: toProblems(loaded.bytes, found), counts: all };
}

function withSignal(
  only: ReadonlySet<string> | undefined,
  signal: CancelSignal | undefined,
): object {
  return { ...(only ? { only } : {}), ...(signal ? { signal } : {}) };
}
