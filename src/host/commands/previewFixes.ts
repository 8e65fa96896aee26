// Shows what fixing everything would change in a COCO file, beside the file as it is.
import { commands, Uri, window, workspace, type TextDocument, type WorkspaceEdit } from 'vscode';
import { isCocoDocument } from '../cocoFile/cocoTexts';
import { fixEdit } from '../cocoFile/fixes';
import { showFixed } from '../cocoFile/fixedTexts';
import { isUri, type Command } from './command';

/** Argument: the file; without it the one in the active text editor. */
export const previewFixes: Command = {
  id: 'promptmark.previewFixes',
  run: async ({ cocoTexts }, argument) => {
    const document = isUri(argument)
      ? await workspace.openTextDocument(argument)
      : window.activeTextEditor?.document;
    if (!document || !isCocoDocument(document)) throw new Error('Open a COCO file as text first.');
    const { edit, count } = await fixEdit(cocoTexts, document, {});
    if (count === 0) {
      void window.showInformationMessage(
        'There is nothing that can be fixed without a decision of yours.',
      );
      return;
    }
    await showFixed(document, edit);
    void offer(document, count, async () => (await fixEdit(cocoTexts, document, {})).edit);
  },
};

async function offer(
  { uri }: TextDocument,
  count: number,
  again: () => Promise<WorkspaceEdit>,
): Promise<void> {
  const message = `${count} ${count === 1 ? 'problem' : 'problems'} can be fixed. The right side shows the result.`;
  if ((await window.showInformationMessage(message, 'Apply')) !== 'Apply') return;
  await workspace.applyEdit(await again());
  await commands.executeCommand('vscode.open', Uri.file(uri.fsPath));
}
