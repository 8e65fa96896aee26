// Opened models by id. A manifest of the same id at another path replaces the first.
import type { ModelRef } from '../../shared/protocol/engine';
import { openSegmenter } from './openSegmenter';
import type { PromptableSegmenter } from './segmenter';

interface Opened {
  readonly manifest: string;
  readonly segmenter: Promise<PromptableSegmenter>;
}

export class Models {
  private readonly opened = new Map<string, Opened>();

  /** Opens the model once; a failure is not remembered, so that a repaired file works at the next try. */
  async get(ref: ModelRef): Promise<PromptableSegmenter> {
    const known = this.opened.get(ref.id);
    if (known?.manifest === ref.manifest) return known.segmenter;
    if (known) await this.release(ref.id);
    const entry = { manifest: ref.manifest, segmenter: openSegmenter(ref) };
    this.opened.set(ref.id, entry);
    try {
      return await entry.segmenter;
    } catch (error) {
      if (this.opened.get(ref.id) === entry) this.opened.delete(ref.id);
      throw error;
    }
  }

  async release(id: string): Promise<void> {
    const known = this.opened.get(id);
    this.opened.delete(id);
    const segmenter = await known?.segmenter.catch(() => undefined); // one that did not open needs no release
    await segmenter?.release();
  }
}
