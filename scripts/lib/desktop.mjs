// Finds a desktop VS Code on PATH. Node built-ins only.
import fs from 'node:fs';
import path from 'node:path';

/** @returns path of `code` or `codium` (or a sibling), undefined when there is none */
export function findDesktopEditor() {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const names = ['code', 'codium', 'code-insiders'];
  return names
    .flatMap((name) =>
      folders.flatMap((dir) => suffixes.map((suffix) => path.join(dir, name + suffix))),
    )
    .find((file) => fs.existsSync(file));
}
