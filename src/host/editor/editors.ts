// Which editors are open and which one is active: what commands, keys and the status bar act on.
import { EventEmitter } from 'vscode';
import type { Disposable } from 'vscode';
import { ContextKeys } from '../platform/contextKeys';
import type { EditorSession } from './session';

export class Editors implements Disposable {
  private readonly sessions = new Set<EditorSession>();
  private readonly changed = new EventEmitter<void>();
  private readonly contextKeys = new ContextKeys();

  /** the active editor, or what it shows, changed */
  readonly onDidChange = this.changed.event;

  /** The editor with the focus; else the only visible one, so that the palette works while a panel has the focus. */
  get active(): EditorSession | null {
    const all = [...this.sessions];
    const active = all.find(({ panel }) => panel.active);
    const visible = all.filter(({ panel }) => panel.visible);
    return active ?? (visible.length === 1 ? (visible[0] ?? null) : null);
  }

  get all(): readonly EditorSession[] {
    return [...this.sessions];
  }

  /** Adds a session until its panel is closed. */
  add(session: EditorSession): void {
    this.sessions.add(session);
    const update = (): void => this.update();
    const subscriptions = [
      session.panel.onDidChangeViewState(update),
      session.document.onDidChange(update),
      session.document.onDidReload(update),
    ];
    session.onDidChangeContext(update);
    session.panel.onDidDispose(() => {
      this.sessions.delete(session);
      for (const subscription of subscriptions) subscription.dispose();
      session.dispose();
      this.update();
    });
    this.update();
  }

  dispose(): void {
    for (const session of this.sessions) session.dispose();
    this.sessions.clear();
    this.changed.dispose();
  }

  private update(): void {
    const { active } = this;
    this.contextKeys.show(active?.context ?? null);
    this.changed.fire();
  }
}
