/** What tree-sitter does not do in proportionate time and space, known before it starts. */
import { indentation, lineEnd } from "./physical-lines.ts";

/**
 * To find its way behind an error tree-sitter can need time in proportion to the square of the length: one
 * second here, twenty for four times as much. Programs of LLMs are shorter, functions much shorter.
 */
const MAX_LENGTH = 1 << 14;

/** A fifth of a second. 300 lines of comment in a row pass. */
const MAX_REREAD = 1e7;

/** Whether a text may be given to the parser. */
export function isParseable(text: string): boolean {
  return text.length <= MAX_LENGTH && rereadCharacters(text) <= MAX_REREAD;
}

/**
 * The grammar's lexer reads a run of comment lines, or of lines that are only a backslash, to its end, anew from
 * each of them. This bounds how many characters it reads that way.
 */
function rereadCharacters(text: string): number {
  let characters = 0;
  let runStart = 0;
  let runLines = 0;
  for (let lineStart = 0; lineStart < text.length; lineStart = lineEnd(text, lineStart)) {
    const { start } = indentation(text, lineStart);
    const char = text[start];
    if (char === "#" || (char === "\\" && /[\r\n]/.test(text.charAt(start + 1)))) runLines++;
    else if (char !== "\n" && char !== "\r") {
      characters += runLines * (start - runStart);
      runLines = 0;
      runStart = start;
    }
  }
  return characters + runLines * (text.length - runStart);
}
