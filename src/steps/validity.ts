/** Whether code is Python: what its logical lines say by themselves, and what its tree adds. */
import type { Node } from "web-tree-sitter";
import type { LogicalLine } from "./logical-lines.ts";
import { isRefused } from "./refused/refusals.ts";

/** CPython's limit (MAXINDENT), the module itself included. */
export const MAX_BLOCKS = 100;

/**
 * Whether brackets and quotes match, indentation is consistent and no line stands where its statement cannot: a block
 * behind every colon at a line's end (code cut off there has none) and nowhere else, no line indented like none of the
 * blocks around it, or only by the width of a tab, no `return` outside a function and no `break` outside a loop.
 * tree-sitter sees some of this as no error at all and some of it far from where it is.
 */
export function areInOrder(code: string, lines: readonly LogicalLine[]): boolean {
  const blocks: Block[] = [{ indent: 0, narrowIndent: 0, header: "" }];
  let opened: string | undefined;
  for (const line of lines) {
    const { indent, narrowIndent, isMalformed } = line;
    const around = blocks.at(-1) ?? { indent: 0, narrowIndent: 0 };
    if (isMalformed || indent > around.indent !== (opened !== undefined)) return false;
    if (opened !== undefined) {
      if (narrowIndent <= around.narrowIndent) return false;
      blocks.push({ indent, narrowIndent, header: opened });
    }
    while ((blocks.at(-1)?.indent ?? -1) > indent) blocks.pop();
    const block = blocks.at(-1);
    if (block?.indent !== indent || block.narrowIndent !== narrowIndent || blocks.length > MAX_BLOCKS)
      return false;
    const keyword = keywordAt(code, line.start);
    if (isMisplaced(keyword, blocks)) return false;
    opened = line.opensBlock ? keyword : undefined;
  }
  return opened === undefined;
}

/** A block of lines that begin in the same column, and the keyword of the statement that opens it; "" without one. */
interface Block {
  readonly indent: number;
  readonly narrowIndent: number;
  readonly header: string;
}

const KEYWORD = /(?:async[ \t\\]+)?(def|class|for|while|return|break|continue)(?![\w\u0080-\uffff])/y;

function keywordAt(code: string, start: number): string {
  KEYWORD.lastIndex = start;
  return KEYWORD.exec(code)?.[1] ?? "";
}

function isMisplaced(keyword: string, blocks: readonly Block[]): boolean {
  if (keyword !== "return" && keyword !== "break" && keyword !== "continue") return false;
  const scope = blocks.findLastIndex(({ header }) => header === "def" || header === "class");
  if (keyword === "return") return blocks[scope]?.header !== "def";
  return !blocks.slice(scope + 1).some(({ header }) => header === "for" || header === "while");
}

/** Whether a tree is a program of Python 3, as far as a tree can tell (refused/refusals.ts). */
export function isPython3(root: Node, code: string): boolean {
  return !root.hasError && !isRefused(root, code);
}
