// The texts that a preview of fixes compares with: read-only documents of our own.
import {
  commands,
  Uri,
  workspace,
  type Disposable,
  type TextDocument,
  type WorkspaceEdit,
} from 'vscode';

const SCHEME = 'promptmark-fixes';
const texts = new Map<string, string>();

/** Serves the texts of previews until it is disposed; each is kept while its document is open. */
export function registerFixedTexts(): readonly Disposable[] {
  return [
    workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ];
}

/** Opens a diff of the document and the document after the edit. */
export async function showFixed(document: TextDocument, edit: WorkspaceEdit): Promise<void> {
  const { uri, version } = document;
  const fixed = uri.with({ scheme: SCHEME, query: `version=${version}` });
  texts.set(fixed.toString(), textAfter(document, edit));
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  await commands.executeCommand(
    'vscode.diff',
    uri,
    Uri.from(fixed),
    `${name}: what fixing changes`,
  );
}

function textAfter(document: TextDocument, edit: WorkspaceEdit): string {
  const text = document.getText();
  let [result, done] = ['', 0];
  for (const { range, newText } of edit.get(document.uri)) {
    result += text.slice(done, document.offsetAt(range.start)) + newText;
    done = document.offsetAt(range.end);
  }
  return result + text.slice(done);
}
