/** FunPRM's steps: functions, each with the module code before it. */
import { joinedLines } from "./joined-lines.ts";
import { logicalLines } from "./logical-lines.ts";
import type { LogicalLine } from "./logical-lines.ts";
import { isParseable } from "./parser-limits.ts";
import type { StepEnd } from "./partition.ts";
import { withTree } from "./python-parser.ts";
import { scanFunctions } from "./scanner.ts";
import { treeFunctions } from "./tree-walk.ts";
import { areInOrder, isPython3, MAX_BLOCKS } from "./validity.ts";

/** Ends of the function steps of a program, at least one. */
export function functionSteps(code: string): StepEnd[] {
  // tree-sitter takes a lone \r for a space. Everything from here on sees \n instead, at the same offset.
  const text = code.replace(/\r(?!\n)/g, "\n");
  const lines = logicalLines(text);
  return stepsOfTree(text, lines) ?? stepsOfScan(text, lines);
}

/** undefined unless the whole program is Python and within reach: a tree with an error is a guess from there on. */
function stepsOfTree(text: string, lines: readonly LogicalLine[]): StepEnd[] | undefined {
  if (!areInOrder(text, lines) || !isParseable(text)) return undefined;
  return withTree(joinedLines(text, lines), (root) => {
    if (!isPython3(root, text)) return undefined;
    const functions = treeFunctions(root, text);
    return functions.length === 0
      ? [moduleStep(text, true)]
      : functions.map((span) => ({ ...span, complete: true }));
  });
}

function stepsOfScan(text: string, lines: readonly LogicalLine[]): StepEnd[] {
  const steps: StepEnd[] = [];
  let start = 0;
  let blockIndents: readonly number[] = [];
  const functions = scanFunctions(text, lines);
  for (const [index, { kind, name, end, blockIndents: blocksBehind }] of functions.entries()) {
    const stepText = text.slice(start, index === functions.length - 1 ? text.length : end);
    steps.push({ kind, name, end, complete: parses(stepText, blockIndents) });
    start = end;
    blockIndents = blocksBehind;
  }
  const last = steps.pop() ?? moduleStep(text, parses(text, []));
  // Each step may parse for itself and the program not: then it breaks off at its end, for all we know.
  const isExplained = !isParseable(text) || steps.some(({ complete }) => !complete);
  return [...steps, { ...last, complete: last.complete && isExplained }];
}

function moduleStep(text: string, complete: boolean): StepEnd {
  return { kind: "module", name: null, end: text.length, complete };
}

/** Whether a step's text is Python in its place: after the first statements of the blocks around it. */
function parses(stepText: string, blockIndents: readonly number[]): boolean {
  if (blockIndents.length >= MAX_BLOCKS) return false;
  let indent = 0;
  let header = "";
  for (const blockIndent of blockIndents) {
    header += `${" ".repeat(indent)}class _:\n${" ".repeat(blockIndent)}pass\n`;
    indent = blockIndent;
  }
  const text = header + stepText;
  const lines = logicalLines(text);
  if (!areInOrder(text, lines)) return false;
  // Beyond the parser's reach that is all there is to know.
  return !isParseable(text) || (withTree(joinedLines(text, lines), (root) => isPython3(root, text)) ?? false);
}
