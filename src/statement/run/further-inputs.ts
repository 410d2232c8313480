import type { Problem } from "../../core/problem.ts";
import { exampleTestsOf } from "../examples/extract-examples.ts";
import { type ProbeInput, probeInputs } from "../inputs/probe-inputs.ts";
import { modelInputs } from "../model/model-inputs.ts";
import { readInputModel } from "../model/read-input-model.ts";

const FROM_MODEL = 32;
const MUTATIONS = 12;

/**
 * Inputs on which the programs of a problem are compared, each different: those that the statement's input model
 * gives, then those of the examples and mutations of them. Each kind tells programs apart that the other does not.
 */
export function furtherInputs(problem: Problem): ProbeInput[] {
  const tests = exampleTestsOf(problem).map(({ test }) => test);
  const made = modelInputs(readInputModel(problem, tests), { count: FROM_MODEL }).map(({ input }) => input);
  const inputs = [...made, ...probeInputs(problem, tests, { count: MUTATIONS })];
  return [...new Map(inputs.map((input) => [JSON.stringify(input), input])).values()];
}
