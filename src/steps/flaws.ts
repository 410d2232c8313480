/** What makes a program no Python although tree-sitter's grammar, which is generous, takes it. */
import type { Node } from "web-tree-sitter";
import type { LogicalLine } from "./logical-lines.ts";

/** A walk over the whole tree is worth it for few programs: most only call a function `print`. */
const PERHAPS_PYTHON_2 = /\b(?:print|exec)\b(?![ \t]*\()/;

/** Offsets of the statements of Python 2 in a tree without errors, ascending. */
export function python2Flaws(root: Node, code: string): number[] {
  if (!PERHAPS_PYTHON_2.test(code)) return [];
  return (
    root
      .descendantsOfType(["print_statement", "exec_statement"])
      // `print >> file, text` is an expression of Python 3 too.
      .filter((node) => node.firstNamedChild?.type !== "chevron")
      .map((node) => node.startIndex)
  );
}

/**
 * Offsets, ascending, of the lines where a block is missing behind a colon (code cut off there, above all), that
 * are indented without a block, or that are indented like none of the blocks around them.
 */
export function indentationFlaws(lines: readonly LogicalLine[]): number[] {
  const flaws: number[] = [];
  const blocks = [0];
  let opener: number | undefined;
  for (const { start, indent, opensBlock } of lines) {
    const isDeeper = indent > (blocks.at(-1) ?? 0);
    if (opener !== undefined && !isDeeper) flaws.push(opener);
    if (opener === undefined && isDeeper) flaws.push(start);
    while ((blocks.at(-1) ?? 0) > indent) blocks.pop();
    if ((blocks.at(-1) ?? -1) < indent) {
      if (!isDeeper) flaws.push(start);
      blocks.push(indent);
    }
    opener = opensBlock ? start : undefined;
  }
  return opener === undefined ? flaws : [...flaws, opener];
}
