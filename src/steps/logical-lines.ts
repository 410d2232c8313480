/**
 * Cuts Python into logical lines without a grammar, so that broken code has them too. Valid code gives exactly
 * CPython's logical lines. In broken code an unclosed bracket or quote costs as little as it can:
 *
 * - A quote of one line ends at the end of its line at the latest.
 * - A line inside brackets that begins with a keyword no expression contains (`def`, `return`, ..) proves that
 *   the brackets still open there are unclosed; so does the program's end. They are then read as if they were
 *   not there.
 * - Where the program ends inside a triple quote, one of its triple quotes has no partner. The program is read
 *   again, and this time a triple quote ends before a `def` or `class` in column 0 or further left than it began.
 *
 * Every character is read a few times at most, whatever the program.
 */
import { BracketStack } from "./bracket-stack.ts";
import { type Indentation, indentation, lineEnd } from "./physical-lines.ts";
import { StringReader } from "./string-reader.ts";

export interface LogicalLine extends Indentation {
  /** Offset behind the terminator of its last physical line. */
  readonly end: number;
  /** Whether a colon ends it, so that an indented block must follow. */
  readonly opensBlock: boolean;
  /** Whether its brackets, quotes or characters alone show that it is no Python. */
  readonly isMalformed: boolean;
  /** Comments and line terminators inside its brackets, where neither means anything; in order. */
  readonly gaps: readonly Gap[];
}

/** A stretch of code, end exclusive. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Logical lines of code, in order; blank lines and lines with nothing but a comment are between them. */
export function logicalLines(code: string): LogicalLine[] {
  return new LineReader(code, false).read() ?? new LineReader(code, true).read() ?? [];
}

/** Keywords that begin a statement and are in no expression. */
const STATEMENT =
  /[ \t\f]*(?:async[ \t]+def|def|class|return|while|with|try|import|raise|del|pass|break|continue|global|nonlocal|assert|except|finally|elif)(?![\w\u0080-\uffff])/y;
const DEFINITION = /[ \t\f]*(?:async[ \t]+def|def|class)[ \t]+[\w\u0080-\uffff]/y;

class LineReader {
  readonly #code: string;
  /** Whether a definition may end a triple quote that the program does not close. */
  readonly #resync: boolean;
  readonly #strings: StringReader;
  /** Brackets known to be unclosed, read as if they were not there. */
  readonly #unclosed = new Set<number>();

  constructor(code: string, resync: boolean) {
    this.#code = code;
    this.#resync = resync;
    this.#strings = new StringReader(code);
  }

  /** undefined when triple quotes are trusted (no resync) and the program ends inside one. */
  read(): LogicalLine[] | undefined {
    const code = this.#code;
    const lines: LogicalLine[] = [];
    let at = code.startsWith("\ufeff") ? 1 : 0;
    while (at < code.length) {
      const place = indentation(code, at);
      const { start } = place;
      if (start === code.length || "#\n\r".includes(code.charAt(start))) {
        at = lineEnd(code, start);
        continue;
      }
      const line = this.#readLine(place);
      if (line === undefined) return undefined;
      if (line === "again") continue;
      lines.push(line);
      at = line.end;
    }
    return lines;
  }

  /** "again" when it found brackets unclosed; undefined as in `read`. */
  #readLine(place: Indentation): LogicalLine | "again" | undefined {
    const code = this.#code;
    const { start, indent, narrowIndent } = place;
    const brackets = new BracketStack();
    let isMalformed = false;
    const gaps: Gap[] = [];
    /** Where the last token begins or, if it is a name or a number, ends. */
    let lastToken = start;
    const ended = (end: number): LogicalLine | "again" => {
      for (const offset of brackets.offsets) this.#unclosed.add(offset);
      return brackets.isEmpty
        ? { start, indent, narrowIndent, end, opensBlock: code[lastToken] === ":", isMalformed, gaps }
        : "again";
    };
    let at = start;
    while (at < code.length) {
      const char = code.charAt(at);
      switch (char) {
        case " ":
        case "\t":
        case "\f":
          at++;
          continue;
        case "\n":
        case "\r": {
          const next = lineEnd(code, at);
          if (brackets.isEmpty || matchesAt(STATEMENT, code, next)) return ended(next);
          gaps.push({ start: at, end: next });
          at = next;
          continue;
        }
        case "#": {
          const comment = at;
          while (at < code.length && code[at] !== "\n" && code[at] !== "\r") at++;
          if (!brackets.isEmpty) gaps.push({ start: comment, end: at });
          continue;
        }
        case "(":
        case "[":
        case "{":
          if (this.#unclosed.has(at)) isMalformed = true;
          else brackets.open(char, at);
          break;
        case ")":
        case "]":
        case "}":
          if (!brackets.close(char)) isMalformed = true;
          break;
        case "'":
        case '"': {
          const string = this.#strings.read(at, this.#resync ? indent : undefined);
          if (string === undefined) return undefined;
          lastToken = at;
          at = string.end;
          if (!string.isClosed) isMalformed = true;
          if (string.isCutOff) return ended(at);
          continue;
        }
        case "\\":
          if (code[at + 1] !== "\n" && code[at + 1] !== "\r") {
            isMalformed = true;
            break;
          }
          lastToken = at;
          at = lineEnd(code, at + 1);
          // A definition goes on from the line before only behind `async`.
          if (matchesAt(DEFINITION, code, at) && !code.startsWith("async", start)) return ended(at);
          continue;
        case "?":
        case "$":
        case "`":
        case "\0":
          isMalformed = true;
          break;
        default:
      }
      lastToken = at++;
    }
    return ended(at);
  }
}

function matchesAt(sticky: RegExp, code: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(code);
}
