// The category chosen last, for each dataset, remembered in the workspace.
import type { Memento } from 'vscode';

export class LastCategory {
  /** @param memory the workspace's memento */
  constructor(private readonly memory: Memento) {}

  get(datasetPath: string): number | undefined {
    const id = this.memory.get<unknown>(key(datasetPath));
    return typeof id === 'number' ? id : undefined;
  }

  set(datasetPath: string, id: number): void {
    if (this.get(datasetPath) !== id) void this.memory.update(key(datasetPath), id);
  }
}

const key = (datasetPath: string): string => `lastCategory:${datasetPath}`;
