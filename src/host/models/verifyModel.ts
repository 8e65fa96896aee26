// Checks a model's file against its manifest without loading it; the engine checks again before it runs the model.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readCatalogueEntry } from './builtinModel';

export type ModelCheck =
  { readonly ok: true; readonly sha256: string } | { readonly ok: false; readonly reason: string };

/** Reads the whole file. @throws DomainError 'model-missing' when the manifest itself is unusable */
export async function verifyModel(manifest: string): Promise<ModelCheck> {
  const entry = await readCatalogueEntry(manifest);
  const { file } = JSON.parse(await readFile(manifest, 'utf8')) as { file?: unknown };
  if (typeof file !== 'string') return { ok: false, reason: '"file" is missing in the manifest' };
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path.join(path.dirname(manifest), file)), hash);
  } catch (error) {
    return {
      ok: false,
      reason: `${file}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const sha256 = hash.digest('hex');
  if (sha256 === entry.sha256.toLowerCase()) return { ok: true, sha256 };
  return { ok: false, reason: `${file} is damaged: sha256 ${sha256}, should be ${entry.sha256}` };
}
