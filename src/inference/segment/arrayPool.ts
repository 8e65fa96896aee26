/** Arrays of one length that are used again, so that each run does not leave a megabyte for the collector. */
export class ArrayPool {
  private spare: Float32Array | null = null;

  /** An array of zeros; the caller's until it is given back. */
  take(length: number): Float32Array {
    const { spare } = this;
    this.spare = null;
    return spare?.length === length ? spare.fill(0) : new Float32Array(length);
  }

  /** The caller must not use the array any more. One is kept. */
  giveBack(array: Float32Array): void {
    this.spare = array;
  }
}
