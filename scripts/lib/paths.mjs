// Where things are. Node built-ins only: scripts/setup.mjs runs before anything is installed.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The one git-ignored folder for everything that is downloaded or kept between runs. */
export const cacheDir = path.join(root, '.promptmark');

/** Test and package output; may be deleted at any time. */
export const outDir = path.join(root, 'out');

export const extensionId = 'promptmark.promptmark';
export const viewType = 'promptmark.editor';
