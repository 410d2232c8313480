/** The sample indices given of one problem and model. Indices in order take no memory each. */
export class SampleIndices {
  /** All below are given. */
  #whole = 0;
  readonly #beyond = new Set<number>();
  #next = 0;

  /** The number after the highest so far. */
  get next(): number {
    return this.#next;
  }

  /** Whether the index is new. */
  add(index: number): boolean {
    if (index < this.#whole || this.#beyond.has(index)) return false;
    this.#next = Math.max(this.#next, index + 1);
    this.#beyond.add(index);
    while (this.#beyond.delete(this.#whole)) this.#whole += 1;
    return true;
  }
}
