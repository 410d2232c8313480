/**
 * Python values as python/literal.py writes them: JSON, and one-key objects for what JSON lacks. Text comes from the candidate's
 * process, so every function here takes any JSON and gives the unknown no meaning.
 */
export type Literal =
  | null
  | boolean
  | number
  | string
  | readonly Literal[]
  | { readonly [tag: string]: Literal };

/** A line of JSON as a literal; anything else is an opaque value. */
export function parseLiteral(text: string): Literal {
  try {
    // JSON.parse gives exactly the values that Literal describes.
    const value: Literal = JSON.parse(text);
    return value;
  } catch {
    return { o: "unreadable" };
  }
}

export interface Comparison {
  /** LiveCodeBench: a tuple equals the list of its elements. */
  readonly tuplesAsLists?: boolean;
}

/** Python's `==` for plain values: 1 == 1.0 == True, order of sets and dictionaries does not matter, NaN equals nothing. */
export function equal(a: Literal, b: Literal, comparison: Comparison = {}): boolean {
  return unlessTooDeep(() => {
    const one = canonical(a, comparison);
    return one !== undefined && one === canonical(b, comparison);
  });
}

/** Python's `set(a) == set(b)`; false where an element equals nothing. */
export function sameElements(a: readonly Literal[], b: readonly Literal[]): boolean {
  return unlessTooDeep(() => {
    const [ours, theirs] = [a, b].map((items) => new Set(items.map((item) => canonical(item, {}))));
    if (ours === undefined || theirs === undefined || ours.has(undefined)) return false;
    return ours.size === theirs.size && [...ours].every((text) => theirs.has(text));
  });
}

function unlessTooDeep(compare: () => boolean): boolean {
  try {
    return compare();
  } catch (error) {
    if (error instanceof RangeError) return false; // nested deeper than the stack: no expected value is
    throw error;
  }
}

/** One text per value under `==`; undefined for values that equal nothing. */
export function canonical(value: Literal, comparison: Comparison): string | undefined {
  if (value === null) return "None";
  if (typeof value === "string") return JSON.stringify(value);
  const number = numberOf(value);
  if (number !== undefined) return canonicalNumber(number);
  if (isList(value)) return joined(value, "[", "]", comparison);
  const [tag, body] = tagged(value);
  switch (tag) {
    case "t":
      return comparison.tuplesAsLists === true
        ? joined(body, "[", "]", comparison)
        : joined(body, "(", ")", comparison);
    case "s":
    case "z":
      return joined(body, "{", "}", comparison, true);
    case "d":
      return joined(body, "d{", "}", comparison, true);
    case "b":
    case "h":
      return typeof body === "string" ? `${tag}${body}` : undefined;
    case "r":
      return canonicalRange(body);
    case "c": {
      const parts = isList(body) ? body.map((part) => canonicalNumber(Number(part))) : [];
      if (parts.length !== 2 || parts.includes(undefined)) return undefined;
      return parts[1] === "0" ? parts[0] : `c${parts.join("+")}`;
    }
    default:
      return undefined;
  }
}

function joined(
  items: Literal,
  open: string,
  close: string,
  comparison: Comparison,
  unordered = false,
): string | undefined {
  if (!isList(items)) return undefined;
  const texts: string[] = [];
  for (const item of items) {
    const text = canonical(item, comparison);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return open + (unordered ? texts.sort() : texts).join(",") + close;
}

/** Integers in hexadecimal: to write one of millions of digits as a decimal takes minutes. */
function canonicalNumber(value: number | bigint): string | undefined {
  if (typeof value === "bigint") return value.toString(16);
  if (Number.isNaN(value)) return undefined;
  return Number.isInteger(value) ? BigInt(value).toString(16) : String(value);
}

/** Two ranges are equal when they run through the same numbers. */
function canonicalRange(body: Literal): string | undefined {
  if (!isList(body)) return undefined;
  const [start, stop, step] = body.map((bound) => numberOf(bound));
  if (typeof start !== "number" || typeof stop !== "number" || typeof step !== "number") return undefined;
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return `range(${length},${length > 0 ? start : 0},${length > 1 ? step : 0})`;
}

/** The number that an int, a bool or a float stands for. */
export function numberOf(value: Literal): number | bigint | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const [tag, body] = tagged(value);
  if (tag === "f") return typeof body === "number" ? body : pythonFloat(body);
  if (tag === "i" && typeof body === "string") return hexInteger(body);
  return undefined;
}

/** `float`, `int`, `bool`, `list`, `tuple`, ... as `type(value).__name__` says for plain values. */
export function typeOf(value: Literal): string {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "int";
  if (typeof value === "string") return "str";
  if (isList(value)) return "list";
  return TYPE_OF_TAG[tagged(value)[0]] ?? "object";
}

const TYPE_OF_TAG: Readonly<Record<string, string>> = {
  f: "float",
  i: "int",
  t: "tuple",
  s: "set",
  z: "frozenset",
  d: "dict",
  b: "bytes",
  c: "complex",
  r: "range",
};

/** The elements of a list or tuple. */
export function elementsOf(value: Literal): readonly Literal[] | undefined {
  if (isList(value)) return value;
  const [tag, body] = tagged(value);
  return tag === "t" && isList(body) ? body : undefined;
}

/** The elements that Python's `set(value)` would take. */
export function iterate(value: Literal): readonly Literal[] | undefined {
  if (typeof value === "string") return Array.from(value);
  const elements = elementsOf(value);
  if (elements !== undefined) return elements;
  const [tag, body] = tagged(value);
  if (!isList(body)) return undefined;
  if (tag === "s" || tag === "z" || tag === "g") return body;
  return tag === "d" ? body.map((pair) => (isList(pair) ? (pair[0] ?? null) : null)) : undefined;
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

/** Tag and body of a one-key object; an empty tag for everything else. */
export function tagged(value: Literal): readonly [string, Literal] {
  if (typeof value !== "object" || value === null || isList(value)) return ["", null];
  const [entry] = Object.entries(value);
  return entry ?? ["", null];
}

function pythonFloat(text: Literal): number {
  if (text === "inf") return Number.POSITIVE_INFINITY;
  return text === "-inf" ? Number.NEGATIVE_INFINITY : Number.NaN;
}

function hexInteger(text: string): bigint | undefined {
  const match = /^(-?)(0x[0-9a-f]+)$/u.exec(text);
  if (match === null) return undefined;
  const size = BigInt(match[2] ?? "0x0");
  return match[1] === "-" ? -size : size;
}
