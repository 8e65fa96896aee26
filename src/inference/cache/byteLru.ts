// A cache bounded in bytes: the entry used longest ago goes first.

/** The newest entry always stays, even when it alone is larger than the bound. */
export class ByteLru<K, V> {
  private readonly entries = new Map<K, { readonly value: V; bytes: number }>();
  private used = 0;

  /** @param maxBytes bound of the sum of the entries' bytes */
  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.used;
  }

  /** Marks the entry as used. */
  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V, bytes: number): void {
    this.delete(key);
    this.entries.set(key, { value, bytes });
    this.used += bytes;
    this.evict();
  }

  /** For values that grow after they were stored. */
  resize(key: K, bytes: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.used += bytes - entry.bytes;
    entry.bytes = bytes;
    this.evict();
  }

  delete(key: K): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.used -= entry.bytes;
  }

  clear(): void {
    this.entries.clear();
    this.used = 0;
  }

  private evict(): void {
    for (const [key, entry] of this.entries) {
      if (this.used <= this.maxBytes || this.entries.size === 1) return;
      this.entries.delete(key);
      this.used -= entry.bytes;
    }
  }
}
