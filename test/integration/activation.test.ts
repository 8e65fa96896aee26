import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { until } from '../support/until';

const EXTENSION = 'promptmark.promptmark';
const VIEW_TYPE = 'promptmark.editor';

/** The first image of the workspace. */
async function sampleImage(): Promise<vscode.Uri> {
  const [image] = await vscode.workspace.findFiles('**/*.{png,jpg}', undefined, 1);
  assert.ok(image, 'the workspace has an image');
  return image;
}

describe('activation', () => {
  // Whether it happened yet is not ours to say: VS Code opens JSON of its own now and then (the user's settings).
  // That nothing is started then is held end to end, in test/e2e/workbench/open.test.mjs.
  it('is asked for by JSON; else only an editor, a command or a view brings it', () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension);
    const { activationEvents } = extension.packageJSON as { activationEvents: string[] };
    assert.deepEqual(activationEvents, [
      'onLanguage:json',
      'onWebviewPanel:promptmark.statistics', // pages of a window that was reloaded
    ]);
  });

  it('comes with the first editor', async () => {
    await vscode.commands.executeCommand('vscode.openWith', await sampleImage(), VIEW_TYPE);
    await until(vscode.window.tabGroups.onDidChangeTabs, () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.viewType === VIEW_TYPE;
    });
    assert.equal(vscode.extensions.getExtension(EXTENSION)?.isActive, true);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('registers every contributed command, and contributes every registered one', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension);
    await extension.activate();
    const { contributes } = extension.packageJSON as {
      contributes: { commands: { command: string }[]; views?: Record<string, { id: string }[]> };
    };
    const contributed = contributes.commands.map(({ command }) => command).sort();
    // VS Code itself makes commands for each contributed view (ID.focus, ID.open, ...).
    const views = Object.values(contributes.views ?? {})
      .flat()
      .map(({ id }) => `${id}.`);
    const registered = (await vscode.commands.getCommands(true))
      .filter((command) => command.startsWith('promptmark.'))
      .filter((command) => !views.some((view) => command.startsWith(view)))
      .sort();
    assert.deepEqual(registered, contributed);
  });
});
