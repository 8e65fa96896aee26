// Asks the person whose version to keep when the file and the editor changed the same entry. Never guesses.
import path from 'node:path';
import { commands, EventEmitter, Uri, window, workspace, type Disposable } from 'vscode';
import type { Conflict } from '../../shared/protocol/dataset';
import { DomainError } from '../../shared/protocol/wire';

const SCHEME = 'promptmark-conflict';
const MINE = 'Keep Mine';
const THEIRS = 'Take Theirs';
const BOTH = 'Show Both';

/** The dialog and the two virtual documents behind "Show Both". */
export class ConflictPrompt implements Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: this.changed.event,
    provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? '',
  });

  /** @throws DomainError 'cancelled' when the person decides nothing; nothing may be written then */
  async settle(datasetPath: string, conflicts: readonly Conflict[]): Promise<'mine' | 'theirs'> {
    const name = path.basename(datasetPath);
    const count = conflicts.length === 1 ? 'One entry' : `${conflicts.length} entries`;
    const question = `${count} of ${name} changed both here and on disk. Which version should be kept?`;
    const detail = conflicts.slice(0, 8).map(describe).join('\n');
    const options = { modal: true, detail };
    let answer = await window.showWarningMessage(question, options, MINE, THEIRS, BOTH);
    if (answer === BOTH) {
      await this.showBoth(name, conflicts);
      // A modal dialog would cover the comparison.
      answer = await window.showWarningMessage(question, MINE, THEIRS);
    }
    if (answer === MINE) return 'mine';
    if (answer === THEIRS) return 'theirs';
    throw new DomainError(
      'cancelled',
      `Nothing was saved: ${name} has other changes, and no version was chosen. Save again to choose.`,
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private async showBoth(name: string, conflicts: readonly Conflict[]): Promise<void> {
    const side = (of: 'mine' | 'theirs'): Uri => {
      const uri = Uri.from({ scheme: SCHEME, path: `/${of}/${name}` });
      const entries = conflicts.map(({ list, id, [of]: entry }) => ({ list, id, entry }));
      this.texts.set(uri.toString(), JSON.stringify(entries, null, 2));
      this.changed.fire(uri);
      return uri;
    };
    const title = `${name}: On Disk ↔ Mine`;
    await commands.executeCommand('vscode.diff', side('theirs'), side('mine'), title);
  }
}

function describe({ list, id, mine, theirs }: Conflict): string {
  const what = `${list.replace(/ies$/, 'y').replace(/s$/, '')} ${id}`;
  if (mine === null) return `${what}: deleted here, changed on disk`;
  if (theirs === null) return `${what}: changed here, deleted on disk`;
  return `${what}: changed on both sides`;
}
