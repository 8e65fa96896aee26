// Contract statistics page ⇄ host. The host has the numbers counted by the dataset worker; the page draws them.
import type { ImageList, ImageQuery } from '../coco/imagesWith';
import type { DatasetStats } from '../coco/statistics';

export type StatisticsMethods = {
  /** counts the file anew; stats null: there is no such file */
  'statistics/load': {
    params: Record<string, never>;
    result: {
      /** absolute path, for the page's saved state */
      readonly dataset: string;
      readonly name: string;
      readonly stats: DatasetStats | null;
    };
  };
  /** the images behind a bar */
  'statistics/images': { params: { query: ImageQuery }; result: ImageList };
  /** opens an image in the editor */
  'statistics/open': { params: { imageId: number }; result: null };
  /** opens the COCO file as text */
  'statistics/openText': { params: Record<string, never>; result: null };
};

/** Host → page. */
export type StatisticsEvents = {
  'statistics/progress': { doneBytes: number; totalBytes: number };
  /** the file on disk is not the one that was counted */
  'statistics/changed': Record<string, never>;
};

/** Page → host. */
export type StatisticsPageEvents = {
  'log/write': { level: 'info' | 'warn' | 'error'; message: string };
};
