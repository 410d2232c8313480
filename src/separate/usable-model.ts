import type { Problem } from "../core/problem.ts";
import { exampleTestsOf } from "../statement/examples/extract-examples.ts";
import type { InputModel } from "../statement/model/input-model.ts";
import { readInputModel } from "../statement/model/read-input-model.ts";
import { worksWithLibraries } from "../statement/sessions/fixed-functions.ts";

/**
 * The model that an LLM's inputs are checked by. undefined where nothing could be checked: the form of the inputs was not
 * understood, or what a library's function takes is no literal.
 */
export function usableModel(problem: Problem): InputModel | undefined {
  if (worksWithLibraries(problem)) return undefined;
  const tests = exampleTestsOf(problem).map(({ test }) => test);
  const model = readInputModel(problem, tests);
  return model.form === undefined ? undefined : model;
}
