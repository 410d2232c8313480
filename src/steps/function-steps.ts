/** FunPRM's steps: functions, each with the module code before it. */
import { indentationFlaws, python2Flaws } from "./flaws.ts";
import { logicalLines } from "./logical-lines.ts";
import type { LogicalLine } from "./logical-lines.ts";
import type { StepEnd } from "./partition.ts";
import { withTree } from "./python-parser.ts";
import { scanFunctions } from "./scanner.ts";
import { treeFunctions } from "./tree-walk.ts";

/**
 * Longer texts are not parsed as a whole but step by step, and a longer step not at all: a tree takes up to
 * 150 bytes a character, and to find its way behind an error tree-sitter can need time in proportion to the
 * square of the length.
 */
const MAX_PARSED_LENGTH = 1 << 16;

/** Ends of the function steps of a program, at least one. */
export function functionSteps(code: string): StepEnd[] {
  // tree-sitter takes a lone \r for a space. Everything from here on sees \n instead, at the same offset.
  const text = code.replace(/\r(?!\n)/g, "\n");
  const lines = logicalLines(text);
  return stepsOfTree(text, lines) ?? stepsOfScan(text, lines);
}

/** undefined when there is no tree or an error in it: from there on it is a guess. */
function stepsOfTree(text: string, lines: readonly LogicalLine[]): StepEnd[] | undefined {
  if (text.length > MAX_PARSED_LENGTH || lines.some((line) => line.isMalformed)) return undefined;
  return withTree(text, (root) => {
    if (root.hasError) return undefined;
    const ends = treeFunctions(root, text).map((span) => ({ ...span, complete: true }));
    const flaws = [...python2Flaws(root, text), ...indentationFlaws(lines)].sort((a, b) => a - b);
    return markFlaws(ends.length === 0 ? [moduleStep(text, true)] : ends, flaws);
  });
}

/** Both ascending: a flaw lies in the first step that ends behind it, or else in the last. */
function markFlaws(ends: readonly StepEnd[], flaws: readonly number[]): StepEnd[] {
  let next = 0;
  return ends.map((step, index) => {
    const first = next;
    while (next < flaws.length && ((flaws[next] ?? 0) < step.end || index === ends.length - 1)) next++;
    return next === first ? step : { ...step, complete: false };
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
  const isExplained = text.length > MAX_PARSED_LENGTH || steps.some(({ complete }) => !complete);
  return [...steps, { ...last, complete: last.complete && isExplained }];
}

function moduleStep(text: string, complete: boolean): StepEnd {
  return { kind: "module", name: null, end: text.length, complete };
}

/** Whether a step's text is Python where it stands: behind the first statements of the blocks around it. */
function parses(stepText: string, blockIndents: readonly number[]): boolean {
  let indent = 0;
  let header = "";
  for (const blockIndent of blockIndents) {
    header += `${" ".repeat(indent)}class _:\n${" ".repeat(blockIndent)}pass\n`;
    indent = blockIndent;
  }
  const text = header + stepText;
  const lines = logicalLines(text);
  if (lines.some((line) => line.isMalformed) || indentationFlaws(lines).length > 0) return false;
  // Too long to know: its brackets, quotes and blocks are in order.
  if (text.length > MAX_PARSED_LENGTH) return true;
  return withTree(text, (root) => !root.hasError && python2Flaws(root, text).length === 0) ?? false;
}
