/** Where an f-string ends since Python 3.12: quotes inside its replacement fields are the fields' own. */
import { lineEnd } from "./physical-lines.ts";

/** Deeper nesting is left to the reading that knows no fields; CPython's own limit is 150. */
const MAX_DEPTH = 20;

const CLOSER: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Whether the quote at `at` opens an f-string (or a t-string): its prefix is f, fr or rf, in any case. */
export function isFString(code: string, at: number): boolean {
  let start = at;
  while (start > 0 && at - start < 3 && /[\w\u0080-\uffff]/.test(code.charAt(start - 1))) start--;
  return /^(?:[ft]r?|r[ft])$/i.test(code.slice(start, at));
}

/**
 * Offset behind the f-string whose opening quote is at `at`; undefined when its braces do not match up, so that
 * it is no f-string of Python 3.12, or not a whole one.
 */
export function fStringEnd(code: string, at: number, depth = 0): number | undefined {
  const quote = code.charAt(at);
  const isTriple = code.startsWith(quote.repeat(3), at);
  const closer = isTriple ? quote.repeat(3) : quote;
  let offset: number | undefined = at + closer.length;
  while (offset !== undefined && offset < code.length) {
    const char = code.charAt(offset);
    if (char === quote && code.startsWith(closer, offset)) return offset + closer.length;
    if (!isTriple && (char === "\n" || char === "\r")) return undefined;
    if (char === "{" && code[offset + 1] !== "{") offset = fieldEnd(code, offset + 1, depth);
    else if (char === "{") offset += 2;
    else if (char === "\\") offset = escapeEnd(code, offset);
    else offset++;
  }
  return undefined;
}

/** A backslash escapes no brace, but \N{name} has braces of its own. */
function escapeEnd(code: string, at: number): number {
  if (code.startsWith("\\N{", at)) return at + 3 + Math.max(0, code.slice(at + 3, at + 100).indexOf("}") + 1);
  if (code.startsWith("\\\r\n", at)) return at + 3;
  return code[at + 1] === "{" ? at + 1 : at + 2;
}

/** Offset behind the `}` of the replacement field that begins at `from`. */
function fieldEnd(code: string, from: number, depth: number): number | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const open: string[] = [];
  let offset: number | undefined = from;
  while (offset !== undefined && offset < code.length) {
    const char = code.charAt(offset);
    const closer = CLOSER[char];
    if (closer !== undefined) open.push(closer);
    else if (open.length > 0 && char === open.at(-1)) open.pop();
    else if (char === "}") return open.length === 0 ? offset + 1 : undefined;
    else if (char === ":" && open.length === 0) return formatEnd(code, offset + 1, depth);
    else if (char === ")" || char === "]") return undefined;
    if (char === "'" || char === '"') offset = nestedEnd(code, offset, depth);
    else offset = char === "#" ? lineEnd(code, offset) : offset + 1;
  }
  return undefined;
}

/** Offset behind the `}` of the field whose format specification begins at `from`: text and fields. */
function formatEnd(code: string, from: number, depth: number): number | undefined {
  let offset: number | undefined = from;
  while (offset !== undefined && offset < code.length) {
    const char = code.charAt(offset);
    if (char === "}") return offset + 1;
    if (char === "\n" || char === "\r") return undefined;
    offset = char === "{" ? fieldEnd(code, offset + 1, depth + 1) : offset + 1;
  }
  return undefined;
}

function nestedEnd(code: string, at: number, depth: number): number | undefined {
  if (isFString(code, at)) return fStringEnd(code, at, depth + 1);
  const quote = code.charAt(at);
  const isTriple = code.startsWith(quote.repeat(3), at);
  const closer = isTriple ? quote.repeat(3) : quote;
  for (let offset = at + closer.length; offset < code.length; offset++) {
    const char = code.charAt(offset);
    if (code.startsWith(closer, offset)) return offset + closer.length;
    if (!isTriple && (char === "\n" || char === "\r")) return undefined;
    if (char === "\\") offset++;
  }
  return undefined;
}
