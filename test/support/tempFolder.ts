import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Registers mocha hooks that make a folder before the suite's tests and remove it after them. */
export function useTempFolder(): { readonly path: string; file(name: string): string } {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'promptmark-test-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get path() {
      return folder;
    },
    file: (name) => path.join(folder, name),
  };
}
