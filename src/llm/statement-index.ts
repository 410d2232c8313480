/** Length of a statement's beginning that is looked for first, in characters. */
const PREFIX = 32;
const BASE = 257;

/** Statements are compared with every run of white space as one blank: prompts may indent or wrap them. */
export function normaliseStatement(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * Finds which of many statements a prompt contains, in one pass over the prompt: a rolling hash (Rabin and Karp)
 * of its windows is looked up among the hashes of the statements' beginnings, and only then are texts compared.
 */
export class StatementIndex<T> {
  readonly #byPrefix = new Map<number, Entry<T>[]>();
  /** Too short for a prefix of its own; compared one by one. */
  readonly #short: Entry<T>[] = [];

  /** Values of the same statement are found together, in the order in which they were added. */
  add(statement: string, value: T): void {
    const text = normaliseStatement(statement);
    if (text === "") return;
    const bucket = text.length < PREFIX ? this.#short : this.#bucket(hash(text));
    const same = bucket.find((entry) => entry.text === text);
    if (same === undefined) bucket.push({ text, values: [value] });
    else same.values.push(value);
  }

  /** The values of the longest statement that the prompt contains; empty when it contains none. */
  find(prompt: string): readonly T[] {
    const text = normaliseStatement(prompt);
    let longest: Entry<T> | undefined;
    const consider = (entry: Entry<T>): void => {
      if (longest === undefined || entry.text.length > longest.text.length) longest = entry;
    };
    for (const [start, windowHash] of windows(text)) {
      for (const entry of this.#byPrefix.get(windowHash) ?? []) {
        if (text.startsWith(entry.text, start)) consider(entry);
      }
    }
    if (longest === undefined) {
      for (const entry of this.#short) if (text.includes(entry.text)) consider(entry);
    }
    return longest?.values ?? [];
  }

  #bucket(prefixHash: number): Entry<T>[] {
    const known = this.#byPrefix.get(prefixHash);
    if (known !== undefined) return known;
    const bucket: Entry<T>[] = [];
    this.#byPrefix.set(prefixHash, bucket);
    return bucket;
  }
}

interface Entry<T> {
  readonly text: string;
  readonly values: T[];
}

/** Hash of the first PREFIX characters, modulo 2^32. */
function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < PREFIX; i += 1) value = (Math.imul(value, BASE) + text.charCodeAt(i)) | 0;
  return value;
}

/** Start and hash of every window of PREFIX characters. */
function* windows(text: string): Generator<readonly [number, number]> {
  if (text.length < PREFIX) return;
  let leading = 1;
  for (let i = 1; i < PREFIX; i += 1) leading = Math.imul(leading, BASE);
  let value = hash(text);
  yield [0, value];
  for (let start = 1; start + PREFIX <= text.length; start += 1) {
    value = (value - Math.imul(text.charCodeAt(start - 1), leading)) | 0;
    value = (Math.imul(value, BASE) + text.charCodeAt(start + PREFIX - 1)) | 0;
    yield [start, value];
  }
}
