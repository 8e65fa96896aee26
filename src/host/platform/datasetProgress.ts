// Hands the dataset worker's progress to those who wait for a file.
import type { DatasetEvents } from '../../shared/protocol/dataset';

type Progress = DatasetEvents['dataset/progress'];

export class DatasetProgress {
  private readonly listeners = new Set<(progress: Progress) => void>();

  /** @param path of the file @returns the way to stop */
  listen(path: string, listener: (progress: Progress) => void): () => void {
    const own = (progress: Progress): void => {
      if (progress.path === path) listener(progress);
    };
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** What the worker told. */
  tell(progress: Progress): void {
    for (const listener of this.listeners) listener(progress);
  }
}
