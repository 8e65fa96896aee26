// Collects losses by kind, with a count and the first place of each.
import type { Loss } from './format';

/** A place, or how to find it, where that is work. */
export type Where = string | (() => string);

export class LossLog {
  private readonly byKind = new Map<string, { message: string; count: number; first: string }>();

  /** Notes one loss; the first message and place of a kind are kept. */
  add(kind: string, message: string, where: Where): void {
    const known = this.byKind.get(kind);
    if (known) known.count++;
    else {
      const first = typeof where === 'string' ? where : where();
      this.byKind.set(kind, { message, count: 1, first });
    }
  }

  list(): Loss[] {
    return [...this.byKind].map(([kind, loss]) => ({ kind, ...loss }));
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
