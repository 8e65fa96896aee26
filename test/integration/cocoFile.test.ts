import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { HEIGHT, services, useEditorLab, WIDTH } from '../support/editorHost';
import { until } from '../support/until';

const square = [[2, 2, 10, 2, 10, 10, 2, 10]];
const annotation = (id: number, area: number) => ({
  id,
  image_id: 1,
  category_id: 7,
  segmentation: square,
  bbox: [2, 2, 8, 8],
  area,
  iscrowd: 0,
});
const dataset = () => ({
  images: [{ id: 1, file_name: 'photo.png', width: WIDTH, height: HEIGHT }],
  annotations: [annotation(1, 5), annotation(2, 64), annotation(3, 6)],
  categories: [{ id: 7, name: 'square' }],
});

const diagnosticsOf = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'promptmark');

describe('COCO files as text', () => {
  const lab = useEditorLab();

  /** Writes the dataset and its picture, opens it as text and waits for its problems. */
  async function show(content: unknown = dataset()): Promise<vscode.TextDocument> {
    await lab.picture();
    await lab.write(content);
    const document = await vscode.workspace.openTextDocument(lab.dataset);
    await vscode.window.showTextDocument(document);
    await services();
    return document;
  }
  const untilProblems = (
    { uri }: vscode.TextDocument,
    isDone: (found: readonly vscode.Diagnostic[]) => boolean,
  ): Promise<void> =>
    until(
      (listener) => vscode.languages.onDidChangeDiagnostics(listener),
      () => isDone(diagnosticsOf(uri)),
    );
  const areas = (found: readonly vscode.Diagnostic[]): vscode.Diagnostic[] =>
    found.filter(({ message }) => /area/.test(message));
  const actionsAt = (uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> =>
    vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    );
  const placeOf = (document: vscode.TextDocument, needle: string): vscode.Position =>
    document.positionAt(document.getText().indexOf(needle) + 1);

  it('problems stand at their places, for the file and for unsaved text', async () => {
    const document = await show();
    await untilProblems(document, (found) => areas(found).length === 2);
    const [first] = areas(diagnosticsOf(document.uri));
    assert.equal(document.getText(first!.range), '5');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, first!.range, '64');
    await vscode.workspace.applyEdit(edit);
    await untilProblems(document, (found) => areas(found).length === 1);
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await untilProblems(document, (found) => areas(found).length === 2);
  });

  it('one quick fix repairs one finding, and undo takes it back', async () => {
    const document = await show();
    await untilProblems(document, (found) => areas(found).length === 2);
    const before = document.getText();
    const [first] = areas(diagnosticsOf(document.uri));
    const actions = await actionsAt(document.uri, first!.range);
    const fix = actions.find(({ title }) => title.startsWith('Fix: '));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), before.replace('"area": 5', '"area": 64'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('"Fix all" repairs every finding of the rule', async () => {
    const document = await show();
    await untilProblems(document, (found) => areas(found).length === 2);
    const [first] = areas(diagnosticsOf(document.uri));
    const actions = await actionsAt(document.uri, first!.range);
    const all = actions.find(({ title }) => title.startsWith('Fix all “'));
    assert.ok(all?.edit);
    await vscode.workspace.applyEdit(all.edit);
    const { annotations } = JSON.parse(document.getText()) as ReturnType<typeof dataset>;
    assert.deepEqual(
      annotations.map(({ area }) => area),
      [64, 64, 64],
    );
    await untilProblems(document, (found) => areas(found).length === 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('"Preview fixes" compares the file with the repaired text and changes nothing', async () => {
    const document = await show();
    const before = document.getText();
    await vscode.commands.executeCommand('promptmark.previewFixes', document.uri);
    const input = (): unknown => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await until(
      vscode.window.tabGroups.onDidChangeTabs,
      () => input() instanceof vscode.TabInputTextDiff,
    );
    const { modified } = input() as vscode.TabInputTextDiff;
    const fixed = await vscode.workspace.openTextDocument(modified);
    assert.equal(fixed.getText(), before.replace(/"area": \d+/g, '"area": 64'));
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  });

  it('lenses tell what is in the file and lead to the canvas', async () => {
    const document = await show();
    await untilProblems(document, (found) => areas(found).length === 2);
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    const titles = lenses.map(({ command }) => command?.title);
    assert.equal(titles[0], 'Open dataset · 1 image · 3 annotations');
    assert.match(titles[1] ?? '', /^\d+ problems$/);
    assert.equal(titles.filter((title) => title === 'Open on canvas').length, 4);
    const last = lenses.at(-1)!;
    assert.match(document.lineAt(last.range.start.line + 1).text, /"id": 3/);
    const { command, arguments: args } = last.command!;
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    const { services: all } = await services();
    await until(all.editors.onDidChange, () => all.editors.active?.selection[0] === 3);
    assert.equal(all.editors.active?.document.image.store.path, lab.dataset);
  });

  it('image_id and category_id lead to their entries', async () => {
    const document = await show();
    for (const [needle, entry] of [
      ['"image_id"', dataset().images[0]],
      ['"category_id"', dataset().categories[0]],
    ] as const) {
      const found: vscode.LocationLink[] = await vscode.commands.executeCommand(
        'vscode.executeDefinitionProvider',
        document.uri,
        placeOf(document, needle),
      );
      assert.deepEqual(JSON.parse(document.getText(found[0]!.targetRange)), entry);
    }
  });

  it('a hover shows the annotation with its mask', async () => {
    const document = await show();
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      document.uri,
      placeOf(document, '"bbox"'),
    );
    const text = hovers
      .flatMap(({ contents }) => contents as vscode.MarkdownString[])
      .map(({ value }) => value)
      .join('\n');
    assert.match(text, /\*\*square\*\*/);
    assert.match(text, /data:image\/svg\+xml;base64,/);
    assert.match(text, /command:promptmark\.openOnCanvas/);
  });

  it('the outline groups annotations by image', async () => {
    const document = await show();
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const annotations = symbols.find(({ name }) => name === 'Annotations');
    const [image] = annotations?.children ?? [];
    assert.deepEqual([image?.name, image?.children.length], ['photo.png', 3]);
  });

  it('other JSON is left alone', async () => {
    await lab.write('{"images": ["a.jpg"], "x": 1}', 'other.json');
    const document = await vscode.workspace.openTextDocument(lab.file('other.json'));
    await vscode.window.showTextDocument(document);
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      lenses.filter(({ command }) => /dataset|canvas/i.test(command?.title ?? '')),
      [],
    );
    assert.deepEqual(diagnosticsOf(document.uri), []);
  });
});
