/**
 * What comes before a program when it runs: the one place that says so, for tests, examples, probes and large inputs alike, so
 * that a program is chosen under the conditions under which it is graded.
 */
import type { Problem } from "../core/problem.ts";
import { LIVECODEBENCH_PRELUDE } from "../formats/suites/livecodebench-prelude.ts";

/**
 * The suite's own preamble (LiveCodeBench's imports come with its records), or what judges of methods (`Solution().twoSum`) import
 * for all. A class that is asked for as a whole (ClassEval) brings its imports along.
 */
export function gradingPrelude({ preamble, kind, entryPoint = "" }: Problem): string {
  return preamble ?? (kind === "method" && entryPoint.includes(".") ? LIVECODEBENCH_PRELUDE : "");
}

/**
 * Before a program that runs on what its statement shows. A function gets the imports of the code that the problem shows as well
 * (HumanEval's `from typing import List`): its tests come with the problem's code, and examples have nothing but the program.
 */
export function examplePrelude(problem: Problem): string {
  if (problem.kind !== "function" || problem.preamble !== undefined) return gradingPrelude(problem);
  const code = `${problem.starterCode}\n${problem.statement}`;
  const imports = code.match(
    /^(?:from [\w.]+ import [\w*]+(?: as \w+)?(?:, *\w+(?: as \w+)?)*|import [\w.]+(?: as \w+)?)[^\S\n]*$/gm,
  );
  return [...(imports ?? []), ""].join("\n");
}
