/** The brackets open at a place in a program that may have lost some. */

const CLOSER_OF = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

export class BracketStack {
  readonly #open: { readonly closer: string; readonly offset: number }[] = [];
  readonly #openByCloser = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** Offsets of the brackets that are still open. */
  get offsets(): number[] {
    return this.#open.map(({ offset }) => offset);
  }

  open(bracket: string, offset: number): void {
    const closer = CLOSER_OF.get(bracket) ?? "";
    this.#open.push({ closer, offset });
    this.#openByCloser.set(closer, (this.#openByCloser.get(closer) ?? 0) + 1);
  }

  /**
   * Closes the innermost bracket of this kind and all inside it; a closer without a partner does nothing.
   * Whether it was the innermost of all that it closed, as in valid code.
   */
  close(closer: string): boolean {
    if ((this.#openByCloser.get(closer) ?? 0) === 0) return false;
    const isInnermost = this.#open.at(-1)?.closer === closer;
    for (let top = this.#open.pop(); top !== undefined; top = this.#open.pop()) {
      this.#openByCloser.set(top.closer, (this.#openByCloser.get(top.closer) ?? 0) - 1);
      if (top.closer === closer) break;
    }
    return isInnermost;
  }
}
