// Which COCO file an image belongs to: the setting, else a file that lists the image, else a new one beside it.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RelativePattern, Uri, workspace, type Memento } from 'vscode';
import { readSettings } from '../platform/settings';
import type { DatasetPort, DatasetStores } from './datasetStore';

export const NEW_DATASET_NAME = 'annotations.coco.json';
/** not searched */
export const EXCLUDED_FOLDERS = '**/{node_modules,.git,.venv,__pycache__,dist,out}/**';
const MAX_FILES = 200;
/** files asked for at once; the search ends with the first batch that has one */
const BATCH = 16;
const MAX_BYTES = 256 * 1024 * 1024;

export class DatasetFinder {
  constructor(
    private readonly port: DatasetPort,
    private readonly stores: DatasetStores,
    private readonly memory: Memento,
  ) {}

  /** Absolute path of the image's COCO file; the file need not exist yet. */
  async find(imagePath: string): Promise<string> {
    const chosen = this.chosen(imagePath);
    if (chosen) return chosen;
    const beside = path.join(path.dirname(imagePath), NEW_DATASET_NAME);
    // What is open already, or lies beside the image, is asked first: then nothing has to be searched.
    const near = [...new Set([...this.stores.paths(), ...(await existing([beside]))])];
    const [found] = await this.listing(near, imagePath);
    if (found) return found;
    const others = await this.workspaceFiles(imagePath);
    for (let at = 0; at < others.length; at += BATCH) {
      const [nearest] = await this.listing(others.slice(at, at + BATCH), imagePath);
      if (nearest) return nearest;
    }
    return beside;
  }

  /** COCO files of the workspace that list the image, nearest first. */
  async candidates(imagePath: string): Promise<readonly string[]> {
    return this.listing(await this.workspaceFiles(imagePath), imagePath);
  }

  /** JSON files of the workspace, those nearest to the image first. */
  private async workspaceFiles(imagePath: string): Promise<readonly string[]> {
    const folder = workspace.getWorkspaceFolder(Uri.file(imagePath));
    if (!folder) return [];
    const pattern = new RelativePattern(folder, '**/*.json');
    const uris = await workspace.findFiles(pattern, EXCLUDED_FOLDERS, MAX_FILES);
    return nearestFirst(await existing(uris.map((uri) => uri.fsPath)), imagePath);
  }

  /** Remembers a choice for the images of a folder: in the settings of the workspace, else in its memory. */
  async choose(imagePath: string, datasetPath: string): Promise<void> {
    const uri = Uri.file(imagePath);
    const folder = workspace.getWorkspaceFolder(uri);
    const relative = folder && path.relative(folder.uri.fsPath, datasetPath);
    if (relative && !relative.startsWith('..') && !path.isAbsolute(relative)) {
      const section = workspace.getConfiguration('promptmark', uri);
      await section.update('datasetFile', relative.split(path.sep).join('/'));
      return;
    }
    await this.memory.update(key(path.dirname(imagePath)), datasetPath);
  }

  /** the setting, else an earlier choice for this folder */
  private chosen(imagePath: string): string | undefined {
    const uri = Uri.file(imagePath);
    const { datasetFile } = readSettings(uri);
    if (!datasetFile) return this.memory.get<string>(key(path.dirname(imagePath)));
    const folder = workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(imagePath);
    return path.resolve(folder, datasetFile.replace('${workspaceFolder}', folder));
  }

  private async listing(files: readonly string[], imagePath: string): Promise<readonly string[]> {
    if (files.length === 0) return [];
    const found = await this.port.request('dataset/find', { files, imagePath });
    return nearestFirst(found.files, imagePath);
  }
}

/** Fewest folders between file and image first; the same order on every machine. */
function nearestFirst(files: readonly string[], imagePath: string): readonly string[] {
  const distance = (file: string): number =>
    path.relative(path.dirname(imagePath), file).split(path.sep).length;
  return [...files].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1));
}

const key = (folder: string): string => `datasetFile:${folder}`;

/** Files that exist and are not too large to be searched. */
async function existing(files: readonly string[]): Promise<readonly string[]> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        (found) => found.size,
        () => Infinity, // deleted meanwhile
      ),
    ),
  );
  return files.filter((_, i) => (sizes[i] ?? Infinity) <= MAX_BYTES);
}
