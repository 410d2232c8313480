import type { PythonLiteral } from "./python-literal.ts";

/** A literal as a JSON value, and whether the way through JSON keeps all that a Python program could tell apart. */
export interface LiteralValue {
  readonly value: unknown;
  /**
   * false for tuples, sets, dicts with keys that are no strings, floats without a fraction and integers beyond 2^53:
   * a function that gets such an argument through JSON gets something else (a list cannot be hashed, 1 is no 1.0).
   */
  readonly exact: boolean;
}

/** undefined where JSON has no likeness at all: a dict with keys other than strings and numbers, a number out of range. */
export function literalValue(literal: PythonLiteral): LiteralValue | undefined {
  switch (literal.type) {
    case "none":
      return { value: null, exact: true };
    case "bool":
    case "string":
      return { value: literal.value, exact: true };
    case "int": {
      const value = Number(literal.text);
      return Number.isSafeInteger(value) ? { value: value === 0 ? 0 : value, exact: true } : undefined;
    }
    case "float": {
      const value = Number(literal.text);
      return Number.isFinite(value) ? { value, exact: !Number.isInteger(value) } : undefined;
    }
    case "list":
    case "tuple":
    case "set": {
      const items = literal.items.map(literalValue);
      if (!items.every((item) => item !== undefined)) return undefined;
      const exact = literal.type === "list" && items.every((item) => item.exact);
      return { value: items.map((item) => item.value), exact };
    }
    case "dict":
      return dictValue(literal.entries);
  }
}

function dictValue(entries: readonly (readonly [PythonLiteral, PythonLiteral])[]): LiteralValue | undefined {
  const pairs: [string, unknown][] = [];
  let exact = true;
  for (const [keyLiteral, valueLiteral] of entries) {
    if (keyLiteral.type !== "string") return undefined;
    const value = literalValue(valueLiteral);
    if (value === undefined) return undefined;
    pairs.push([keyLiteral.value, value.value]);
    exact = exact && value.exact;
  }
  return { value: Object.fromEntries(pairs), exact };
}

/** true when the literal holds a set anywhere, whose order means nothing. */
export function holdsSet(literal: PythonLiteral): boolean {
  switch (literal.type) {
    case "set":
      return true;
    case "list":
    case "tuple":
      return literal.items.some(holdsSet);
    case "dict":
      return literal.entries.some(([, value]) => holdsSet(value));
    case "none":
    case "bool":
    case "string":
    case "int":
    case "float":
      return false;
  }
}
