/** Length of a statement's beginning that is looked for first, in characters. */
const PREFIX = 32;
const BASE = 257;
/** BASE to the power of PREFIX - 1, modulo 2^32: what the first character of a window weighs. */
const LEADING = Array.from({ length: PREFIX - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);
const NONE: readonly never[] = [];

/**
 * Statements are compared with every run of white space as one blank: prompts may indent or wrap them.
 * @internal for tests
 */
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
    let value = text.length < PREFIX ? undefined : hash(text);
    for (let start = 0; value !== undefined; start += 1) {
      for (const entry of this.#byPrefix.get(value) ?? NONE) {
        if (text.startsWith(entry.text, start)) consider(entry);
      }
      value = start + PREFIX < text.length ? rolled(value, text, start) : undefined;
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

/** The hash of the window at `start + 1`, from that of the window at `start`. */
function rolled(value: number, text: string, start: number): number {
  const rest = (value - Math.imul(text.charCodeAt(start), LEADING)) | 0;
  return (Math.imul(rest, BASE) + text.charCodeAt(start + PREFIX)) | 0;
}
