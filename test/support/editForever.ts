// Edits an image without ever saving, until it is killed, and tells of every edit that is on disk in the journal; for
// the kill test of the journal of unsaved work. usage: editForever FOLDER JOURNALS
import * as path from 'node:path';
import { UnsavedJournals } from '../../src/host/editor/unsavedJournal';
import { DocumentLab, edit, intents } from './documents';

async function main(folder: string, journals: string): Promise<void> {
  const lab = new DocumentLab();
  lab.folder = folder;
  const document = await lab.open();
  const fail = (error: unknown): void => void process.stderr.write(String(error));
  const journal = new UnsavedJournals(path.resolve(journals), fail).open(document);
  let durable = Promise.resolve();
  document.recorder.onChange = (change) => void (durable = journal.note(change));
  for (let n = 1; ; n++) {
    await edit(document, intents.setAttribute(1, n));
    await durable;
    process.stdout.write(`${n}\n`);
  }
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
