import type { PythonLiteral } from "./literal-text.ts";

/** A literal as a JSON value, and whether the way through JSON keeps all that a Python program could tell apart. */
export interface LiteralValue {
  readonly value: unknown;
  /** The same as JSON text that keeps `1.0` and integers beyond 2^53. */
  readonly json: string;
  /**
   * false for tuples and sets: a function that gets such an argument through JSON gets a list, which cannot be
   * hashed or be a key.
   */
  readonly exact: boolean;
}

/** undefined where JSON has no likeness at all: a dict with keys other than strings, a number out of range. */
export function literalValue(literal: PythonLiteral): LiteralValue | undefined {
  switch (literal.type) {
    case "none":
      return plain(null);
    case "bool":
    case "string":
      return plain(literal.value);
    case "int": {
      const value = Number(literal.text);
      const json = literal.text.replace(/^(-?)0+(?=\d)/, "$1");
      return Number.isFinite(value) ? { value: value === 0 ? 0 : value, json, exact: true } : undefined;
    }
    case "float": {
      const value = Number(literal.text);
      if (!Number.isFinite(value)) return undefined;
      const text = JSON.stringify(value);
      return { value, json: /[.e]/.test(text) ? text : `${text}.0`, exact: true };
    }
    case "list":
    case "tuple":
    case "set": {
      const items = literalValues(literal.items);
      return items && { ...items, exact: items.exact && literal.type === "list" };
    }
    case "dict":
      return dictValue(literal.entries);
  }
}

/** Several literals as one JSON list: the arguments of a call. undefined when one of them has no value. */
export function literalValues(
  literals: readonly PythonLiteral[],
): (LiteralValue & { value: unknown[] }) | undefined {
  const items = literals.map(literalValue);
  if (!items.every((item) => item !== undefined)) return undefined;
  return {
    value: items.map((item) => item.value),
    json: `[${items.map((item) => item.json).join(",")}]`,
    exact: items.every((item) => item.exact),
  };
}

function plain(value: null | boolean | string): LiteralValue {
  return { value, json: JSON.stringify(value), exact: true };
}

function dictValue(entries: readonly (readonly [PythonLiteral, PythonLiteral])[]): LiteralValue | undefined {
  const pairs: [string, unknown][] = [];
  const texts: string[] = [];
  let exact = true;
  for (const [keyLiteral, valueLiteral] of entries) {
    if (keyLiteral.type !== "string") return undefined;
    const value = literalValue(valueLiteral);
    if (value === undefined) return undefined;
    pairs.push([keyLiteral.value, value.value]);
    texts.push(`${JSON.stringify(keyLiteral.value)}:${value.json}`);
    exact = exact && value.exact;
  }
  return { value: Object.fromEntries(pairs), json: `{${texts.join(",")}}`, exact };
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
