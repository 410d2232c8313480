/** Logical lines as one physical line each, for a parser that takes indentation inside brackets for blocks. */
import type { LogicalLine } from "./logical-lines.ts";

/**
 * The code with spaces for the line ends and comments inside brackets: the same program, and every token at its offset.
 * tree-sitter believes that a block ends where a bracketed line goes on left of it, unless no statement could end there.
 */
export function joinedLines(code: string, lines: readonly LogicalLine[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { gaps } of lines) {
    for (const { start, end } of gaps) {
      parts.push(code.slice(at, start), " ".repeat(end - start));
      at = end;
    }
  }
  return parts.join("") + code.slice(at);
}
