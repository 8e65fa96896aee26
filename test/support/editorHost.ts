// Helpers for tests inside VS Code: a folder with pictures of its own, the extension's services, its editors.
import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { Promptmark } from '../../src/host/activate';
import type { AnnotationDocument } from '../../src/host/editor/annotationDocument';
import type { ImageDocument } from '../../src/host/editor/imageDocument';
import type { EditorSession } from '../../src/host/editor/session';
import type { Intent } from '../../src/shared/edits/types';
import { encodeBitmap } from '../../src/shared/mask/bitmap';
import { runsToString } from '../../src/shared/mask/rleString';
import type { CocoFile } from './documents';
import { drawPicture, shapeBitmap, writePicture, type Shape } from './picture';
import { until } from './until';

export const VIEW_TYPE = 'promptmark.editor';
export const WIDTH = 64;
export const HEIGHT = 48;
const DISC: Shape = { disc: [30, 24, 12], colour: [220, 60, 40] };

/** The disc in every test picture, as a mask. */
export const discMask = () => runsToString(encodeBitmap(shapeBitmap(WIDTH, HEIGHT, DISC)));

/** What the extension exports to tests. */
export async function services(): Promise<Promptmark> {
  const extension = vscode.extensions.getExtension<ExtensionApi>('promptmark.promptmark');
  assert.ok(extension);
  const { testing } = await extension.activate();
  assert.ok(testing, 'the extension runs in test mode');
  return testing;
}

/** A folder in the workspace for one test. */
export class EditorLab {
  folder = '';

  async setUp(): Promise<void> {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root);
    this.folder = await mkdtemp(path.join(root, 'lab-'));
    await this.useDataset(undefined);
  }

  async tearDown(): Promise<void> {
    // Unsaved work would make VS Code ask.
    for (const { image } of (await services()).provider.documents.values()) {
      if (image.core.isChanged) await image.revert();
    }
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeAll();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Sets `promptmark.datasetFile` for the workspace; undefined: it is not set, as in a new workspace. */
  async useDataset(file: string | undefined): Promise<void> {
    await vscode.workspace.getConfiguration('promptmark').update('datasetFile', file);
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  get dataset(): string {
    return this.file('annotations.coco.json');
  }

  /** Draws a picture with one disc; the format follows the name. @returns its path */
  async picture(name = 'photo.png', width = WIDTH, height = HEIGHT): Promise<string> {
    const file = this.file(name);
    await writePicture(drawPicture(width, height, [30, 60, 90], [DISC]), file);
    return file;
  }

  async write(content: unknown, name = 'annotations.coco.json'): Promise<void> {
    await writeFile(
      this.file(name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }

  async read(name = 'annotations.coco.json'): Promise<CocoFile> {
    return JSON.parse(await readFile(this.file(name), 'utf8')) as CocoFile;
  }

  /** Opens a file with Promptmark and waits until its page has asked for the state. */
  async open(file: string): Promise<{ document: AnnotationDocument; session: EditorSession }> {
    const uri = vscode.Uri.file(file);
    await vscode.commands.executeCommand('promptmark.annotateImage', uri);
    const { provider, services: all } = await services();
    const find = (): EditorSession | undefined =>
      all.editors.all.find(({ document }) => document.uri.fsPath === file);
    await until(all.editors.onDidChange, () => find() !== undefined && !!tabOf(file)?.isActive);
    const document = provider.documents.get(file);
    const session = find();
    assert.ok(document && session);
    return { document, session };
  }
}

/** Registers mocha hooks that give each test its own folder. */
export function useEditorLab(): EditorLab {
  const lab = new EditorLab();
  beforeEach(() => lab.setUp());
  afterEach(() => lab.tearDown());
  return lab;
}

/** Closes every editor without asking. */
export async function closeAll(): Promise<void> {
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) {
      if (tab.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The tab that shows a file with Promptmark. */
export function tabOf(file: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputCustom && input.uri.fsPath === file);
}

/** Waits until the tab's dirty mark is as wanted. */
export async function untilDirty(file: string, isDirty: boolean): Promise<void> {
  await until(vscode.window.tabGroups.onDidChangeTabs, () => tabOf(file)?.isDirty === isDirty);
}

/** Applies intents as one gesture. */
export function edit(image: ImageDocument, ...intents: Intent[]): Promise<readonly number[]> {
  return image.applyIntents(image.core.revision, 'Test edit', intents);
}

/** A category and an annotation of the disc. @returns the annotation's id */
export async function annotateDisc(image: ImageDocument, name = 'disc'): Promise<number> {
  const known = image.core.state.categories.find((category) => category.name === name);
  const [made] = known ? [known.id] : await edit(image, { kind: 'category/create', name });
  assert.ok(made);
  const [id] = await edit(image, {
    kind: 'annotation/create',
    categoryId: made,
    segmentation: discMask(),
    tool: 'test',
  });
  assert.ok(id);
  return id;
}
