/**
 * A Python literal as a statement writes it. Numbers keep their text, because `1.0`, `1` and a 30-digit integer
 * are three things to Python and would be one to JavaScript.
 */
export type PythonLiteral =
  | { readonly type: "none" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int" | "float"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "list" | "tuple" | "set"; readonly items: readonly PythonLiteral[] }
  | { readonly type: "dict"; readonly entries: readonly (readonly [PythonLiteral, PythonLiteral])[] };

export interface ReadLiteral {
  readonly literal: PythonLiteral;
  /** Offset of the first character after the literal. */
  readonly end: number;
}

const KEYWORDS: ReadonlyMap<string, PythonLiteral> = new Map<string, PythonLiteral>([
  ["None", { type: "none" }],
  ["null", { type: "none" }],
  ["True", { type: "bool", value: true }],
  ["true", { type: "bool", value: true }],
  ["False", { type: "bool", value: false }],
  ["false", { type: "bool", value: false }],
]);

/** A point without digits after it is a full stop, unless the number is in a list. */
const NUMBER = /[+-]?\s*(?:\d+(?:_\d+)*)?(?:\.\d+|\.(?=\s*[,\])}]))?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_]\w*/y;

/** Deeper nesting than any statement has; a bound, because the parser recurses on text that others wrote. */
const MAX_DEPTH = 100;

/** The whole text as one literal; undefined when it is anything else. Spaces around it are allowed. */
export function parsePythonLiteral(text: string): PythonLiteral | undefined {
  const read = readPythonLiteral(text, 0);
  return read !== undefined && text.slice(read.end).trim() === "" ? read.literal : undefined;
}

/**
 * The literal that starts at `at` (spaces and line ends before it are skipped), or undefined when none does.
 * Knows None, booleans (`null`, `true`, `false` too, as LeetCode writes them), decimal numbers, plain strings, lists,
 * tuples, sets and dicts. Not covered, and therefore undefined: expressions, hexadecimal and complex numbers, bytes,
 * f-strings, triple quotes, names, comments. Nothing is evaluated.
 */
export function readPythonLiteral(text: string, at: number): ReadLiteral | undefined {
  return readValue(text, at, 0);
}

function readValue(text: string, from: number, depth: number): ReadLiteral | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const at = skipSpace(text, from);
  const first = text[at];
  if (first === undefined) return undefined;
  if (first === '"' || first === "'") return readString(text, at);
  if (first === "[") return readSequence(text, at, "]", depth);
  if (first === "(") return readSequence(text, at, ")", depth);
  if (first === "{") return readBraces(text, at, depth);
  if (/[\d.+-]/.test(first)) return readNumber(text, at);
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return undefined;
  if (word === "set" && /^set\(\s*\)/.test(text.slice(at))) {
    return { literal: { type: "set", items: [] }, end: text.indexOf(")", at) + 1 };
  }
  const literal = KEYWORDS.get(word);
  return literal && { literal, end: at + word.length };
}

function readNumber(text: string, at: number): ReadLiteral | undefined {
  NUMBER.lastIndex = at;
  const match = NUMBER.exec(text)?.[0] ?? "";
  const end = at + match.length;
  const digits = match.replace(/[\s_]/g, "");
  if (!/^[+-]?(?:\d|\.\d)/.test(digits)) return undefined;
  if (/^(?:\w|\.\w)/.test(text.slice(end, end + 2))) return undefined; // 0x1F, 3j, 1.2.3, 12abc
  const type = /[.eE]/.test(digits) ? "float" : "int";
  return { literal: { type, text: digits.replace(/^\+/, "") }, end };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

function readString(text: string, at: number): ReadLiteral | undefined {
  const quote = text[at];
  if (text.startsWith(`${quote}${quote}${quote}`, at)) return undefined;
  let value = "";
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i];
    if (char === quote) return { literal: { type: "string", value }, end: i + 1 };
    if (char === "\n") return undefined;
    if (char !== "\\") {
      value += char;
      continue;
    }
    const escape = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([0-7]{1,3}))/.exec(text.slice(i + 1, i + 6));
    if (escape) {
      const [whole, hex, unicode, octal] = escape;
      value += String.fromCharCode(
        Number.parseInt(hex ?? unicode ?? octal ?? "", octal === undefined ? 16 : 8),
      );
      i += whole.length;
      continue;
    }
    const escaped = text[i + 1];
    if (escaped === undefined) return undefined;
    value += ESCAPES[escaped] ?? `\\${escaped}`; // Python keeps the backslash of an escape it does not know
    i++;
  }
  return undefined;
}

/** `[...]` and `(...)`; a parenthesis round one value without a comma is that value, as in Python. */
function readSequence(text: string, at: number, close: "]" | ")", depth: number): ReadLiteral | undefined {
  const items: PythonLiteral[] = [];
  let comma = false;
  let i = skipSpace(text, at + 1);
  while (text[i] !== close) {
    if (items.length > 0 && !comma) return undefined;
    const item = readValue(text, i, depth + 1);
    if (item === undefined) return undefined;
    items.push(item.literal);
    i = skipSpace(text, item.end);
    comma = text[i] === ",";
    if (comma) i = skipSpace(text, i + 1);
  }
  const [only] = items;
  if (close === ")" && only !== undefined && items.length === 1 && !comma)
    return { literal: only, end: i + 1 };
  return { literal: { type: close === "]" ? "list" : "tuple", items }, end: i + 1 };
}

function readBraces(text: string, at: number, depth: number): ReadLiteral | undefined {
  const items: PythonLiteral[] = [];
  const entries: [PythonLiteral, PythonLiteral][] = [];
  let comma = true;
  let i = skipSpace(text, at + 1);
  while (text[i] !== "}") {
    if (!comma) return undefined;
    const key = readValue(text, i, depth + 1);
    if (key === undefined) return undefined;
    i = skipSpace(text, key.end);
    if (text[i] === ":") {
      const value = readValue(text, i + 1, depth + 1);
      if (value === undefined) return undefined;
      entries.push([key.literal, value.literal]);
      i = skipSpace(text, value.end);
    } else {
      items.push(key.literal);
    }
    comma = text[i] === ",";
    if (comma) i = skipSpace(text, i + 1);
  }
  if (items.length > 0 && entries.length > 0) return undefined;
  if (items.length > 0) return { literal: { type: "set", items }, end: i + 1 };
  return { literal: { type: "dict", entries }, end: i + 1 };
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text[i] ?? "")) i++;
  return i;
}
