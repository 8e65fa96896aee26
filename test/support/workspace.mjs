// Temporary workspaces for tests in VS Code: each run changes its own copy.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/**
 * Copies a folder of the repository to a temporary one.
 *
 * @param from relative to the repository; its name is kept
 * @returns the copy's path, and a function that removes it
 */
export function copyWorkspace(from = 'samples/workspace') {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'promptmark-ws-'));
  const folder = path.join(parent, path.basename(from));
  fs.cpSync(path.join(root, from), folder, { recursive: true });
  return { folder, remove: () => fs.rmSync(parent, { recursive: true, force: true }) };
}
