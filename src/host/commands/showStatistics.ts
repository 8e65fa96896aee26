// Shows what a COCO file holds: counts, plots, and the images behind them.
import type { Command } from './command';
import { targetDataset } from './targetDataset';

/** Argument: the file; without it the one in sight, else one of the workspace. */
export const showStatistics: Command = {
  id: 'promptmark.showStatistics',
  run: async (services, argument) => {
    const dataset = await targetDataset(services, argument, 'Statistics of');
    if (dataset !== undefined) services.statistics.show(dataset);
  },
};
