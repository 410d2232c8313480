/** Where string literals end, in code that may have lost a quote. */
import { fStringEnd, isFString } from "./f-string-end.ts";
import { indentation } from "./physical-lines.ts";

export interface StringReading {
  /** Offset behind the literal, or where it must have ended. */
  readonly end: number;
  readonly isClosed: boolean;
  /** Whether it ends because a definition begins on the line at `end`. */
  readonly isCutOff: boolean;
}

/** Failed readings of f-strings may each go to the program's end; after so many there are no further attempts. */
const MAX_BROKEN_F_STRINGS = 20;

const DEFINITION = /(?:async[ \t]+)?(?:def|class)[ \t]+[\w\u0080-\uffff]+[ \t]*[[(:]/y;

export class StringReader {
  readonly #code: string;
  #brokenFStrings = 0;

  constructor(code: string) {
    this.#code = code;
  }

  /**
   * Reads the literal whose opening quote is at `at`. One of a single line ends before its line terminator at
   * the latest. A triple-quoted one that the program does not close gives undefined or, with `resyncIndent`, the
   * columns of its statement, ends where a function or class begins further left than that or in column 0, or
   * else with the program; so does one whose closing quotes look like those that open the next docstring.
   */
  read(at: number, resyncIndent: number | undefined): StringReading | undefined {
    const end = this.#fStringEnd(at);
    if (end !== undefined) return { end, isClosed: true, isCutOff: false };
    const quote = this.#code.charAt(at);
    return this.#code.startsWith(quote.repeat(3), at)
      ? this.#readTriple(at + 3, quote, resyncIndent)
      : this.#readSingle(at + 1, quote);
  }

  #fStringEnd(at: number): number | undefined {
    if (this.#brokenFStrings >= MAX_BROKEN_F_STRINGS || !isFString(this.#code, at)) return undefined;
    const end = fStringEnd(this.#code, at);
    if (end === undefined) this.#brokenFStrings++;
    return end;
  }

  #readSingle(from: number, quote: string): StringReading {
    const code = this.#code;
    for (let offset = from; offset < code.length; offset++) {
      const char = code[offset];
      if (char === quote) return { end: offset + 1, isClosed: true, isCutOff: false };
      if (char === "\n" || char === "\r") return { end: offset, isClosed: false, isCutOff: false };
      if (char === "\\") offset += code.startsWith("\r\n", offset + 1) ? 2 : 1;
    }
    return { end: code.length, isClosed: false, isCutOff: false };
  }

  #readTriple(from: number, quote: string, resyncIndent: number | undefined): StringReading | undefined {
    const code = this.#code;
    const closer = quote.repeat(3);
    /** The first line in the literal that looks like a definition outside it. */
    let definition: number | undefined;
    for (let offset = from; offset < code.length; offset++) {
      const char = code[offset];
      if (char === quote && code.startsWith(closer, offset)) {
        if (definition !== undefined && this.#looksLikeOpening(offset)) break;
        return { end: offset + 3, isClosed: true, isCutOff: false };
      }
      if (char === "\\") offset++;
      // A line begins behind an escaped terminator too.
      const isLineEnd = code[offset] === "\n" || code[offset] === "\r";
      if (isLineEnd && resyncIndent !== undefined && this.#isDefinition(offset + 1, resyncIndent)) {
        definition ??= offset + 1;
      }
    }
    if (resyncIndent === undefined) return undefined;
    return { end: definition ?? code.length, isClosed: false, isCutOff: definition !== undefined };
  }

  /** Whether triple quotes are where docstrings open: first on an indented line. */
  #looksLikeOpening(at: number): boolean {
    const lineStart = this.#code.lastIndexOf("\n", at) + 1;
    return lineStart < at && indentation(this.#code, lineStart).start === at;
  }

  #isDefinition(lineStart: number, column: number): boolean {
    const { start, indent } = indentation(this.#code, lineStart);
    if (indent > 0 && indent >= column) return false;
    DEFINITION.lastIndex = start;
    return DEFINITION.test(this.#code);
  }
}
