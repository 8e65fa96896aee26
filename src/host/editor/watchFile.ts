// Tells when one file was made, changed or deleted, inside the workspace or not.
import path from 'node:path';
import { RelativePattern, Uri, workspace } from 'vscode';

/** @returns the way to stop */
export function watchFile(file: string, onChange: () => void): () => void {
  const folder = Uri.file(path.dirname(file));
  const name = path.basename(file).replace(/[[\]{}*?]/g, '[$&]');
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, name));
  watcher.onDidCreate(onChange);
  watcher.onDidChange(onChange);
  watcher.onDidDelete(onChange);
  return () => {
    watcher.dispose();
  };
}
