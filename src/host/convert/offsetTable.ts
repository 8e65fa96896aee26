// Where the entries of a list are in a file, as columns of numbers: 20 bytes an entry.

export class OffsetTable {
  length = 0;
  private offsets = new Float64Array(1024);
  private sizes = new Uint32Array(1024);
  /** the id that was given, later the row it stands for; -1: none */
  private references = new Float64Array(1024);

  add(offset: number, size: number, reference: number): void {
    if (this.length === this.offsets.length) this.grow();
    this.offsets[this.length] = offset;
    this.sizes[this.length] = size;
    this.references[this.length] = reference;
    this.length++;
  }

  clear(): void {
    this.length = 0;
  }

  offset(row: number): number {
    return this.offsets[row]!;
  }

  size(row: number): number {
    return this.sizes[row]!;
  }

  /** Turns ids into rows. @param onMissing gets every entry whose id leads nowhere */
  resolve(rows: ReadonlyMap<number, number>, onMissing: (row: number) => void): void {
    for (let k = 0; k < this.length; k++) {
      const found = rows.get(this.references[k]!);
      if (found === undefined) onMissing(k);
      this.references[k] = found ?? -1;
    }
  }

  /** The entries of each of `count` rows they refer to, in file order. */
  grouped(count: number): { rows(row: number): Iterable<number> } {
    const starts = new Uint32Array(count + 1);
    for (let k = 0; k < this.length; k++) {
      if (this.references[k]! >= 0) starts[this.references[k]! + 1]!++;
    }
    for (let row = 0; row < count; row++) starts[row + 1]! += starts[row]!;
    const next = starts.slice();
    const order = new Uint32Array(starts[count]!);
    for (let k = 0; k < this.length; k++) {
      const row = this.references[k]!;
      if (row >= 0) order[next[row]!++] = k;
    }
    return { rows: (row) => order.subarray(starts[row], starts[row + 1]) };
  }

  private grow(): void {
    const length = this.offsets.length * 2;
    const [offsets, sizes, references] = [
      new Float64Array(length),
      new Uint32Array(length),
      new Float64Array(length),
    ];
    offsets.set(this.offsets);
    sizes.set(this.sizes);
    references.set(this.references);
    [this.offsets, this.sizes, this.references] = [offsets, sizes, references];
  }
}
