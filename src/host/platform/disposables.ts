// Lifetimes: things to dispose together.
import type { Disposable } from 'vscode';

/** Disposes what was added, last first, once. Adding to a disposed list disposes at once. */
export class Disposables implements Disposable {
  private readonly items: Disposable[] = [];
  private isDisposed = false;

  /** @returns the item, for use in an expression */
  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  /** Adds a function to call at the end. */
  onDispose(dispose: () => void): void {
    this.add({ dispose });
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
