// Context keys for the `when` clauses of keybindings. They describe the active editor.
import { commands } from 'vscode';

export interface EditorContext {
  readonly tool: string;
  readonly hasDraft: boolean;
  readonly hasSelection: boolean;
  /** a text field of the page has the focus: single letters are text, not commands */
  readonly inputFocused: boolean;
}

const NO_EDITOR: EditorContext = {
  tool: '',
  hasDraft: false,
  hasSelection: false,
  inputFocused: false,
};

/** Sets `promptmark.*` context keys; only those that changed are sent to VS Code. */
export class ContextKeys {
  private known: Partial<EditorContext> = {};

  /** @param context of the active editor; null: no Promptmark editor is active */
  show(context: EditorContext | null): void {
    const wanted = context ?? NO_EDITOR;
    for (const key of Object.keys(wanted) as (keyof EditorContext)[]) {
      if (this.known[key] === wanted[key]) continue;
      void commands.executeCommand('setContext', `promptmark.${key}`, wanted[key]);
    }
    this.known = wanted;
  }
}
