// The methods of the dataset worker for COCO files that are open as text.
import { countEntries, isWritable } from '../../shared/coco/cocoIndex';
import { replacementsOf } from '../../shared/coco/replacements';
import type { DatasetMethods, TextChange } from '../../shared/protocol/dataset';
import type { Handlers } from '../../shared/protocol/wire';
import { entryAt, outlineOf, toTextSpans } from './entries';
import { fixFile } from './fixFile';
import type { Loaded, Store } from './store';
import { Texts } from './texts';
import { validateFile } from './validateFile';

type TextMethod = 'dataset/validate' | 'dataset/fix' | 'dataset/entryAt' | 'dataset/outline';

const nothing = { problems: [], total: 0, kind: 'other', images: 0, annotations: 0 } as const;

/** Handlers of these methods; none of them writes. */
export function textHandlers(store: Store): Pick<Handlers<DatasetMethods>, TextMethod> {
  const texts = new Texts(store);
  return {
    'dataset/validate': (params, signal) =>
      texts.use(params, signal, async (loaded) => {
        if (!loaded) return nothing;
        const { index } = loaded;
        const found = await validateFile(store, loaded, { signal, mostPerRule: 200 });
        return {
          problems: found.problems,
          total: Object.values(found.counts).reduce((sum, count) => sum + count, 0),
          kind: index.kind,
          images: countEntries(index, 'images'),
          annotations: countEntries(index, 'annotations'),
        };
      }),
    'dataset/fix': ({ rule, at, ...params }, signal) =>
      texts.use(params, signal, async (loaded) => {
        if (!loaded || !isWritable(loaded.index)) return { changes: [], fixed: {} };
        const { pieces, fixed } = await fixFile(store, loaded, {
          ...(rule === undefined ? {} : { only: new Set([rule]) }),
          ...(at === undefined ? {} : { at }),
        });
        return { changes: toChanges(loaded, pieces), fixed };
      }),
    'dataset/entryAt': ({ line, column, ...params }, signal) =>
      texts.use(params, signal, (loaded) => ({
        entry: loaded && entryAt(loaded, { line, column }),
      })),
    'dataset/outline': ({ most, ...params }, signal) =>
      texts.use(params, signal, (loaded) => ({ lists: loaded ? outlineOf(loaded, most) : [] })),
  };
}

function toChanges({ bytes }: Loaded, pieces: Parameters<typeof replacementsOf>[0]): TextChange[] {
  const replaced = replacementsOf(pieces, bytes.length);
  const spans = toTextSpans(bytes, replaced);
  return replaced.map(({ text }, k) => ({ ...spans[k]!, text }));
}
