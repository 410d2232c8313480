/** Which lines of a program do something: comments and texts that nobody reads are no steps towards an answer. */
import type { Step } from "../core/step.ts";
import { type LogicalLine, logicalLines } from "./logical-lines.ts";
import { StringReader } from "./string-reader.ts";

/**
 * For every line step whether it holds code. false for comments, also inside brackets, and for lines of a string that
 * stands alone, such as a docstring. Any string, Python or not.
 */
export function codeLines(code: string, lines: readonly Step[]): boolean[] {
  const logical = logicalLines(code);
  const strings = new StringReader(code);
  const isBare = new Map(logical.map((line) => [line, isBareString(code, line, strings)]));
  let at = 0;
  return lines.map(({ start, end }) => {
    const first = start + code.slice(start, end).search(/[^ \t\f\r\n\ufeff]/);
    if (first < start) return false;
    while ((logical[at]?.end ?? Infinity) <= first) at += 1;
    const line = logical[at];
    if (line === undefined || first < line.start || isBare.get(line) === true) return false;
    return !line.gaps.some((gap) => gap.start === first && code[first] === "#");
  });
}

const PREFIX = /[rRuUbBfFtT]{0,2}(?=["'])/y;

/** Whether a statement is one string and nothing else. */
function isBareString(code: string, { start, end }: LogicalLine, strings: StringReader): boolean {
  PREFIX.lastIndex = start;
  const prefix = PREFIX.exec(code)?.[0];
  if (prefix === undefined) return false;
  // A string that never ends takes the rest of the program with it, as Python reads it.
  const read = strings.read(start + prefix.length, undefined);
  const rest = code.slice(read?.end ?? end, end);
  return /^[ \t\f\\]*(?:#[^\n\r]*)?[\r\n]*$/.test(rest);
}
