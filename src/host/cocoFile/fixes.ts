// Quick fixes of the findings in a COCO file: one, all of a rule, all; as undoable edits of the text.
import {
  CodeAction,
  CodeActionKind,
  WorkspaceEdit,
  type CancellationToken,
  type CodeActionContext,
  type CodeActionProvider,
  type Diagnostic,
  type Range,
  type TextDocument,
} from 'vscode';
import type { Problem } from '../../shared/protocol/dataset';
import type { CancelSignal } from '../../shared/protocol/wire';
import { PROBLEM_SOURCE, rangeOf } from '../platform/problems';
import { isCocoDocument, plainText, signalOf, toRange, type CocoTexts } from './cocoTexts';
import type { CocoValidation } from './validation';

/** What to fix; nothing named: everything that can be. */
export interface FixWish {
  readonly rule?: string;
  /** JSON path of the one finding */
  readonly at?: string;
}

export interface FixEdit {
  readonly edit: WorkspaceEdit;
  /** number of fixes */
  readonly count: number;
}

/** Computes the edit for the document as it is now. */
export async function fixEdit(
  texts: CocoTexts,
  document: TextDocument,
  wish: FixWish,
  signal?: CancelSignal,
): Promise<FixEdit> {
  const { changes, fixed } = await texts.ask('dataset/fix', document, wish, signal, true);
  const edit = new WorkspaceEdit();
  for (const change of changes) edit.replace(document.uri, toRange(change), change.text);
  return { edit, count: Object.values(fixed).reduce((sum, count) => sum + count, 0) };
}

/** Fix all on save, for people who set editor.codeActionsOnSave. */
const fixAllKind = (): CodeActionKind => CodeActionKind.SourceFixAll.append('promptmark');

export class CocoFixes implements CodeActionProvider {
  readonly kinds = [CodeActionKind.QuickFix, fixAllKind()];
  /** what an action fixes; the edit is computed when it is chosen */
  private readonly wishes = new WeakMap<CodeAction, { document: TextDocument; wish: FixWish }>();

  constructor(
    private readonly texts: CocoTexts,
    private readonly validation: CocoValidation,
  ) {}

  provideCodeActions(
    document: TextDocument,
    _range: Range,
    { diagnostics, only }: CodeActionContext,
  ): CodeAction[] {
    if (!isCocoDocument(document)) return [];
    if (only && !only.intersects(CodeActionKind.QuickFix)) {
      const kind = fixAllKind();
      return only.contains(kind) ? [this.action('Fix all COCO problems', kind, document, {})] : [];
    }
    const fixable = this.validation.resultOf(document)?.problems.filter((one) => one.fixable) ?? [];
    const found = diagnostics.flatMap((diagnostic) => {
      const problem = fixable.find((one) => isSame(one, diagnostic));
      return problem ? [{ diagnostic, problem }] : [];
    });
    const rules = [...new Set(found.map(({ problem }) => problem.rule))];
    const all = rules.map((rule) => {
      const title = `Fix all “${rule}” in this file`;
      const action = this.action(title, CodeActionKind.QuickFix, document, { rule });
      action.diagnostics = found.filter((f) => f.problem.rule === rule).map((f) => f.diagnostic);
      return action;
    });
    const one = found.map(({ diagnostic, problem }) => this.fixOne(document, diagnostic, problem));
    return found.length > 0 ? [...one, ...all, previewAction(document)] : [];
  }

  async resolveCodeAction(action: CodeAction, token: CancellationToken): Promise<CodeAction> {
    const known = this.wishes.get(action);
    if (!known) return action;
    const { document, wish } = known;
    action.edit = (await fixEdit(this.texts, document, wish, signalOf(token))).edit;
    return action;
  }

  private fixOne(document: TextDocument, diagnostic: Diagnostic, problem: Problem): CodeAction {
    const wish = { rule: problem.rule, at: problem.path };
    const title = `Fix: ${plainText(problem.message, 80)}`;
    const action = this.action(title, CodeActionKind.QuickFix, document, wish);
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    return action;
  }

  private action(
    title: string,
    kind: CodeActionKind,
    document: TextDocument,
    wish: FixWish,
  ): CodeAction {
    const action = new CodeAction(title, kind);
    this.wishes.set(action, { document, wish });
    return action;
  }
}

function previewAction({ uri }: TextDocument): CodeAction {
  const action = new CodeAction('Preview fixes…', CodeActionKind.QuickFix);
  action.command = {
    command: 'promptmark.previewFixes',
    title: 'Preview fixes…',
    arguments: [uri],
  };
  return action;
}

const isSame = (problem: Problem, { source, code, range }: Diagnostic): boolean =>
  source === PROBLEM_SOURCE && code === problem.rule && range.isEqual(rangeOf(problem));
