// Reads a model's manifest (a JSON file beside its files) and the files it names, checking size and hash.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelRef } from '../../shared/protocol/engine';
import { DomainError } from '../../shared/protocol/wire';

/** What every family's manifest has. Further fields belong to the family. */
export interface ModelManifest {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** file name beside the manifest */
  readonly file: string;
  readonly sha256: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** path of the manifest */
  readonly path: string;
}

/** @throws DomainError 'model-missing' when the manifest is absent or lacks a field; the message names it */
export async function readManifest(ref: ModelRef): Promise<ModelManifest> {
  let fields: unknown;
  try {
    fields = JSON.parse(await readFile(ref.manifest, 'utf8'));
  } catch (error) {
    throw missing(ref.id, `its description ${path.basename(ref.manifest)} cannot be read`, error);
  }
  const text = (name: string): string => {
    const value = (fields as Record<string, unknown> | null)?.[name];
    if (typeof value === 'string' && value) return value;
    throw missing(ref.id, `its description ${path.basename(ref.manifest)} has no text "${name}"`);
  };
  const manifest = {
    id: text('id'),
    name: text('name'),
    family: text('family'),
    file: text('file'),
  };
  if (path.basename(manifest.file) !== manifest.file) {
    throw missing(ref.id, `its description names a file in another folder: ${manifest.file}`);
  }
  return {
    ...manifest,
    sha256: text('sha256').toLowerCase(),
    fields: fields as Record<string, unknown>,
    path: ref.manifest,
  };
}

/** The model file's bytes, after its hash was checked. @throws DomainError 'model-missing' naming file and hash */
export async function readModelFile(manifest: ModelManifest): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.join(path.dirname(manifest.path), manifest.file));
  } catch (error) {
    throw missing(manifest.name, `the file ${manifest.file} cannot be read`, error);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.sha256) {
    throw missing(
      manifest.name,
      `the file ${manifest.file} is damaged (sha256 ${sha256}, should be ${manifest.sha256})`,
    );
  }
  return bytes;
}

/** @throws DomainError when a number of the manifest is absent, not finite or below `least` */
export function manifestNumber(
  manifest: ModelManifest,
  value: unknown,
  name: string,
  least: number,
): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw missing(manifest.name, `its description has no usable number "${name}"`);
}

function missing(name: string, reason: string, error?: unknown): DomainError {
  return new DomainError(
    'model-missing',
    `The model ${name} cannot be used: ${reason}. Your annotations are kept; install it again or choose another model.`,
    error instanceof Error ? error.message : undefined,
  );
}
