/** Python's physical lines: they end with \n, \r\n or \r and with nothing else (not \f, \v, U+0085, U+2028). */

const TAB = 9;
const LF = 10;
const FORM_FEED = 12;
const CR = 13;
const SPACE = 32;

/** Offset just behind the terminator of the line that holds `offset`; the text's length on its last line. */
export function lineEnd(code: string, offset: number): number {
  for (let at = offset; at < code.length; at++) {
    const char = code.charCodeAt(at);
    if (char === LF) return at + 1;
    if (char === CR) return code.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }
  return code.length;
}

/** Number of line terminators in `code.slice(start, end)`; `start` and `end` are no offsets inside a \r\n. */
export function countLineEnds(code: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const char = code.charCodeAt(at);
    if (char === LF || (char === CR && code.charCodeAt(at + 1) !== LF)) count++;
  }
  return count;
}

/** Whether a line holds nothing but what Python skips between tokens. */
export function isBlank(code: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const char = code.charCodeAt(at);
    if (char !== SPACE && char !== LF && char !== CR && char !== TAB && char !== FORM_FEED) return false;
  }
  return true;
}

export interface Indentation {
  /** Offset of the first character behind it. */
  readonly start: number;
  /** Columns before that, as CPython counts them: tabs go to multiples of 8, a form feed back to 0. */
  readonly indent: number;
  /** Columns where a tab is one wide: CPython refuses blocks that the two put into different orders. */
  readonly narrowIndent: number;
}

export function indentation(code: string, lineStart: number): Indentation {
  let indent = 0;
  let narrowIndent = 0;
  for (let at = lineStart; ; at++) {
    const char = code[at];
    if (char === " ") indent++;
    else if (char === "\t") indent = (Math.floor(indent / 8) + 1) * 8;
    else if (char === "\f") indent = 0;
    else return { start: at, indent, narrowIndent };
    narrowIndent = char === "\f" ? 0 : narrowIndent + 1;
  }
}
