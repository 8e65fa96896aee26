// The safe fixes of validation, as pieces of the new file: only the entries that need them are touched.
import { joinPieces, type Piece } from '../../shared/coco/pieces';
import { planFixes, type ExtraFinding } from '../../shared/coco/rules/fix';
import { isEmptyPlan, spliceFile } from '../../shared/coco/splice';
import { composePieces } from '../../shared/coco/replacements';
import { checkImageFiles } from './fileChecks';
import { indexBytes, type Loaded, type Store } from './store';

/** Fixes can make room for others; more rounds than this would mean that two undo each other. */
const MOST_ROUNDS = 5;

export interface FixOptions {
  /** ids of the rules whose findings are fixed; absent: all */
  readonly only?: ReadonlySet<string>;
  /** JSON path of the one finding to fix */
  readonly at?: string;
  /** look at the image files too; default true */
  readonly imageFiles?: boolean;
}

export interface FixedFile {
  /** of the file as it was */
  readonly pieces: readonly Piece[];
  readonly bytes: Uint8Array;
  /** fixes of each rule */
  readonly fixed: Readonly<Record<string, number>>;
}

/** @param loaded a file that may be written: structural errors have no fixes */
export async function fixFile(
  store: Store,
  loaded: Loaded,
  { only, at, imageFiles = true }: FixOptions = {},
): Promise<FixedFile> {
  const extra = imageFiles ? await imageFindings(store, loaded, only) : [];
  const fixed: Record<string, number> = {};
  let pieces: readonly Piece[] = [{ from: 0, to: loaded.bytes.length }];
  let { bytes, index } = loaded;
  // One finding is fixed at once; what that makes room for is another finding.
  for (let round = 0; round < (at === undefined ? MOST_ROUNDS : 1); round++) {
    const plan = planFixes(bytes, index, only, round === 0 ? extra : [], at);
    if (isEmptyPlan(plan.plan)) break;
    for (const [rule, count] of Object.entries(plan.fixed)) {
      fixed[rule] = (fixed[rule] ?? 0) + count;
    }
    const next = spliceFile(bytes, index, plan.plan);
    pieces = composePieces(pieces, next);
    bytes = joinPieces(bytes, next);
    index = await indexBytes(bytes);
  }
  return { pieces, bytes, fixed };
}

async function imageFindings(
  store: Store,
  loaded: Loaded,
  only: ReadonlySet<string> | undefined,
): Promise<ExtraFinding[]> {
  const found = await checkImageFiles(store, loaded, only ? { only } : {});
  return found.map(({ row, rule, finding }) => ({ list: 'images', row, rule, finding }));
}
