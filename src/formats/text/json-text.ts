import { FunprmError } from "../../core/errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** JSON deeper than this is refused: writing it back would overflow the stack. */
const MAX_DEPTH = 1000;

export interface JsonDialect {
  /** Reads Python's NaN (as null) and Infinity, which are not JSON but occur in EvalPlus files. */
  readonly python?: boolean;
}

/**
 * One JSON object. `place` is `file:line`. Throws FunprmError("input") for text that is no JSON, no object, nested
 * more than 1,000 deep, or holds a number too large for a double outside the Python dialect.
 */
export function parseObject(text: string, place: string, dialect: JsonDialect = {}): JsonObject {
  const value = parseJson(text, place, dialect);
  if (!isObject(value)) {
    throw new FunprmError(
      "input",
      `${place}: expected a JSON object, got ${describe(value)}. Check the file's form.`,
    );
  }
  return value;
}

export function parseJson(text: string, place: string, dialect: JsonDialect = {}): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const plain = dialect.python === true ? withoutPythonConstants(text) : text;
    if (plain === text) throw notJson(text, place, error);
    try {
      value = JSON.parse(plain);
    } catch (second) {
      throw notJson(text, place, second);
    }
  }
  const fault = faultOf(value, dialect.python === true);
  if (fault !== null) throw new FunprmError("input", `${place}: ${fault}`);
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What came, in a few words: `a list`, `the number 3`, `the string "abc"`. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return `an object with ${fieldNames(value)}`;
  if (typeof value === "string") return `the string ${JSON.stringify(shorten(value, 40))}`;
  return `the ${typeof value} ${JSON.stringify(value)}`;
}

/** `"id", "code" and 3 more`, for messages. */
export function fieldNames(record: JsonObject): string {
  const keys = Object.keys(record);
  if (keys.length === 0) return "no fields";
  const shown = keys.slice(0, 8).map((key) => JSON.stringify(shorten(key, 40)));
  return shown.join(", ") + (keys.length > 8 ? ` and ${keys.length - 8} more` : "");
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

function notJson(text: string, place: string, error: unknown): FunprmError {
  const start = JSON.stringify(shorten(text.trim(), 60));
  const constant = withoutPythonConstants(text) === text ? "" : " NaN and Infinity are no JSON: write null.";
  const reason = (error instanceof Error ? error.message : String(error)).replace(/, (?:\.\.\.)?"[^]*$/, "");
  return new FunprmError(
    "input",
    `${place}: expected a JSON object, got ${start} (${reason}).${constant} Correct or remove it.`,
    { cause: error },
  );
}

/** A stack of its own instead of recursion, so that the check itself cannot overflow. */
function faultOf(root: unknown, allowInfinity: boolean): string | null {
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, depth } = top;
    if (value === Infinity || value === -Infinity) {
      if (!allowInfinity)
        return "expected numbers a double can hold, got a larger one. Write it as a string.";
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth >= MAX_DEPTH)
      return `expected JSON nested at most ${MAX_DEPTH} deep, got a deeper value. Flatten it.`;
    for (const child of Object.values(value)) {
      if (typeof child === "object" || typeof child === "number")
        stack.push({ value: child, depth: depth + 1 });
    }
  }
  return null;
}

/**
 * The text with Python's constants outside of strings replaced by JSON of the same meaning, NaN by null. String by
 * string, because one regular expression over a string of megabytes overflows its stack.
 */
function withoutPythonConstants(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const outside = quote === -1 ? text.slice(at) : text.slice(at, quote);
    pieces.push(outside.replaceAll("Infinity", "1e999").replaceAll("NaN", "null"));
    at = quote === -1 ? text.length : stringEnd(text, quote);
    if (quote !== -1) pieces.push(text.slice(quote, at));
  }
  return pieces.join("");
}

/** The values of an object's fields as the JSON text they are written in; a repeated name's last value. */
export function fieldTexts(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [start, end] of spans(text)) {
    const member = text.slice(start, end);
    const nameEnd = stringEnd(member, 0);
    const name: unknown = JSON.parse(member.slice(0, nameEnd));
    fields.set(String(name), member.slice(member.indexOf(":", nameEnd) + 1).trim());
  }
  return fields;
}

/** The elements of a list as the JSON text they are written in. */
export function elementTexts(text: string): string[] {
  return spans(text).map(([start, end]) => text.slice(start, end));
}

/** Spans of the comma-separated parts of valid JSON text, inside its outermost brackets. */
function spans(text: string): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = -1;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === 0x22) {
      if (start === -1) start = i;
      i = stringEnd(text, i) - 1;
    } else if (char === 0x5b || char === 0x7b) {
      if (depth === 1 && start === -1) start = i;
      depth += 1;
    } else if (char === 0x5d || char === 0x7d) {
      depth -= 1;
      if (depth === 0 && start !== -1) found.push(trimmed(text, start, i));
    } else if (char === 0x2c && depth === 1) {
      found.push(trimmed(text, start, i));
      start = -1;
    } else if (start === -1 && depth === 1 && char > 0x20) start = i;
  }
  return found;
}

/** Offset behind the JSON string that begins at `start`. A regular expression would overflow its stack on one of megabytes. */
export function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
  return slashes % 2 === 1;
}

function trimmed(text: string, start: number, end: number): [number, number] {
  let last = end;
  while (last > start && text.charCodeAt(last - 1) <= 0x20) last -= 1;
  return [start, last];
}
