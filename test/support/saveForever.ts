// Saves one new annotation after another into a dataset until it is killed; for the kill test of dataset/save.
import { saveDataset } from '../../src/host/dataset/save';
import { Store } from '../../src/host/dataset/store';

async function main(file: string): Promise<void> {
  const store = new Store();
  for (let id = 2; ; id++) {
    const after = { id, image_id: 1, category_id: 1, note: 'x'.repeat(id % 50) };
    const annotations = [{ id, before: null, after }];
    const delta = { images: [], annotations, categories: [] };
    const { saved } = await saveDataset(store, { path: file, delta });
    if (!saved) throw new Error('nobody else writes, so there can be no conflict');
    process.stdout.write(`${id}\n`);
  }
}

void main(process.argv[2] ?? '');
