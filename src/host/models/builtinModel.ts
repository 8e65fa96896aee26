// Finds the models that ship with the extension. Never imports vscode: the command line uses it too.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelRef } from '../../shared/protocol/engine';
import { DomainError } from '../../shared/protocol/wire';

export const BUILTIN_MODEL_ID = 'builtin';

/** What lists and the status bar show of a model; the manifest holds the rest. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly bytes: number;
  readonly sha256: string;
  /** path of the manifest */
  readonly manifest: string;
}

/** The built-in model of an installation; nothing is read or checked. @param root folder of package.json */
export function builtinModel(root: string): ModelRef {
  return { id: BUILTIN_MODEL_ID, manifest: path.join(root, 'media', 'models', 'builtin.json') };
}

/**
 * The model with this id, or whose manifest this path is.
 *
 * @param idOrPath e.g. "builtin", or the path of a manifest ending in .json
 * @throws DomainError 'model-missing' when there is no such model; the message lists those there are
 */
export async function findModel(
  root: string,
  idOrPath: string = BUILTIN_MODEL_ID,
): Promise<ModelRef> {
  if (idOrPath === BUILTIN_MODEL_ID) return builtinModel(root);
  if (!idOrPath.endsWith('.json')) {
    throw new DomainError(
      'model-missing',
      `There is no model "${idOrPath}". Known: ${BUILTIN_MODEL_ID}; or give the path of a model's manifest (.json).`,
    );
  }
  return { id: (await readCatalogueEntry(idOrPath)).id, manifest: path.resolve(idOrPath) };
}

/** Reads what lists show of a manifest. @throws DomainError 'model-missing' naming the file and what it lacks */
export async function readCatalogueEntry(manifest: string): Promise<CatalogueEntry> {
  const fail = (reason: string): never => {
    throw new DomainError('model-missing', `${manifest} does not describe a model: ${reason}.`);
  };
  let value: unknown;
  try {
    value = JSON.parse(await readFile(manifest, 'utf8'));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  const fields =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const text = (key: string): string => {
    const found = fields[key];
    return typeof found === 'string' && found ? found : fail(`"${key}" is missing`);
  };
  const bytes = fields['bytes'];
  return {
    id: text('id'),
    name: text('name'),
    family: text('family'),
    sha256: text('sha256'),
    bytes: typeof bytes === 'number' ? bytes : fail('"bytes" is missing'),
    manifest: path.resolve(manifest),
  };
}
