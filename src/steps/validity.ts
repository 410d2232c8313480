/** Whether code is Python: what its logical lines say by themselves, and what its tree adds. */
import type { Node } from "web-tree-sitter";
import type { LogicalLine } from "./logical-lines.ts";

/** CPython's limit (MAXINDENT), the module itself included. */
export const MAX_BLOCKS = 100;

/**
 * Whether brackets and quotes match and indentation is consistent: a block behind every colon at a line's end
 * (code cut off there has none) and nowhere else, and no line indented like none of the blocks around it.
 * tree-sitter sees some of this as no error at all and some of it far from where it is.
 */
export function areInOrder(lines: readonly LogicalLine[]): boolean {
  const blocks = [0];
  let mustIndent = false;
  for (const { indent, opensBlock, isMalformed } of lines) {
    if (isMalformed || indent > (blocks.at(-1) ?? 0) !== mustIndent) return false;
    if (mustIndent) blocks.push(indent);
    while ((blocks.at(-1) ?? 0) > indent) blocks.pop();
    if (blocks.at(-1) !== indent || blocks.length > MAX_BLOCKS) return false;
    mustIndent = opensBlock;
  }
  return !mustIndent;
}

/** A walk over the whole tree is worth it for few programs: most only call a function `print`. */
const PERHAPS_PYTHON_2 = /\b(?:print|exec)\b(?![ \t]*\()/;

/** Whether a tree has no errors and no statements of Python 2, which tree-sitter's grammar takes too. */
export function isPython3(root: Node, code: string): boolean {
  if (root.hasError) return false;
  if (!PERHAPS_PYTHON_2.test(code)) return true;
  return (
    root
      .descendantsOfType(["print_statement", "exec_statement"])
      // `print >> file, text` is an expression of Python 3.
      .every((node) => node.firstNamedChild?.type === "chevron")
  );
}
