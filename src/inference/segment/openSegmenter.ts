// The registry of model families: a new family is one line here and one file.
import type { ModelRef } from '../../shared/protocol/engine';
import { DomainError } from '../../shared/protocol/wire';
import { openEarlyFusion } from './earlyFusion';
import { readManifest, type ModelManifest } from './manifest';
import type { PromptableSegmenter } from './segmenter';

const families: Readonly<
  Record<string, (manifest: ModelManifest) => Promise<PromptableSegmenter>>
> = {
  'early-fusion': openEarlyFusion,
};

/** @throws DomainError 'model-missing' naming the model and what is wrong with it */
export async function openSegmenter(ref: ModelRef): Promise<PromptableSegmenter> {
  const manifest = await readManifest(ref);
  const open = Object.hasOwn(families, manifest.family) ? families[manifest.family] : undefined;
  if (open) return open(manifest);
  throw new DomainError(
    'model-missing',
    `The model ${manifest.name} is of the family "${manifest.family}", which this version does not know. ` +
      'Update Promptmark or choose another model.',
  );
}
