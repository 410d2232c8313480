/** Programs to steps: the door of this folder. */
import type { Step, StepSize } from "../core/step.ts";
import { functionSteps } from "./function-steps.ts";
import { lineSteps } from "./line-steps.ts";
import { partition } from "./partition.ts";
import { loadPythonParser as loadParser } from "./python-parser.ts";

export { codePointOffsets } from "./code-points.ts";

/**
 * Loads the Python grammar; once for the process, however often it is called. Needed before `splitSteps`.
 *
 * Declared here, since the parser's own types would ask of every user of the library what they need themselves.
 */
export function loadPythonParser(): Promise<void> {
  return loadParser();
}

/**
 * Cuts a program into steps whose texts, joined, are the program: any string, Python or not.
 *
 * - `function`: a step ends with the last line of a top-level function or of a method; everything before it
 *   (imports, constants, comments, class headers) is part of it, and what follows the last function is part of
 *   the last step. Functions in functions, in `if` blocks and the like are no steps. Without a function the
 *   program is one `module` step.
 * - `line`: a step is a line that is not blank, with the blank lines before it.
 * - `program`: one step.
 *
 * `complete` is false for the steps whose code is cut off or does not parse; for lines, for the last one. It is never false
 * for what CPython compiles, and true for some of what it refuses: names, scopes and patterns are an interpreter's to judge.
 * "" has no steps. Throws FunprmError `usage` before `loadPythonParser()` is done, and nothing else.
 */
export function splitSteps(code: string, size: StepSize): Step[] {
  if (code === "") return [];
  const functions = functionSteps(code);
  const complete = functions.every((step) => step.complete);
  switch (size) {
    case "function":
      return partition(code, functions);
    case "line":
      return partition(code, lineSteps(code, complete));
    case "program":
      return partition(code, [{ kind: "module", name: null, end: code.length, complete }]);
  }
}
