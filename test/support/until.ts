// Waiting for VS Code without sleeping.
import type { Event } from 'vscode';

/** Resolves when the check holds: now, or after one of the events. */
export async function until<T>(event: Event<T>, check: () => boolean): Promise<void> {
  while (!check()) {
    await new Promise<void>((resolve) => {
      const listener = event(() => {
        listener.dispose();
        resolve();
      });
    });
  }
}
