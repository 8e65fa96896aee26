// The methods of the dataset worker behind the statistics page.
import { countEntries } from '../../shared/coco/cocoIndex';
import { imagesWithSteps } from '../../shared/coco/imagesWith';
import { statisticsSteps } from '../../shared/coco/statistics';
import type { DatasetEvents, DatasetMethods } from '../../shared/protocol/dataset';
import type { CancelSignal, Handlers } from '../../shared/protocol/wire';
import { inSteps } from './inSteps';
import type { Loaded } from './store';

type Use = <T>(
  file: string,
  signal: CancelSignal,
  work: (loaded: Loaded | null) => T | Promise<T>,
) => Promise<T>;

/** Handlers of these methods; progress is told in bytes, as that of reading is. */
export function statisticsHandlers(
  use: Use,
  onProgress: (data: DatasetEvents['dataset/progress']) => void,
): Pick<Handlers<DatasetMethods>, 'dataset/statistics' | 'dataset/imagesWith'> {
  const run = <T>(
    { path, bytes, index }: Loaded,
    steps: Generator<number, T, void>,
    signal: CancelSignal,
  ): Promise<T> => {
    const part = bytes.length / Math.max(countEntries(index, 'annotations'), 1);
    const tell = (done: number): void =>
      onProgress({ path, doneBytes: Math.floor(done * part), totalBytes: bytes.length });
    return inSteps(steps, { signal, onProgress: tell });
  };
  return {
    'dataset/statistics': ({ path }, signal) =>
      use(path, signal, (loaded) => loaded && run(loaded, statisticsSteps(loaded), signal)),
    'dataset/imagesWith': ({ path, query, most }, signal) =>
      use(path, signal, (loaded) =>
        loaded
          ? run(loaded, imagesWithSteps(loaded, query, most), signal)
          : { images: [], total: 0 },
      ),
  };
}
