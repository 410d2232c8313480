import type { Problem } from "../../core/problem.ts";
import { exampleTestsOf } from "../examples/extract-examples.ts";
import { type ProbeInput, probeInputs } from "../inputs/probe-inputs.ts";
import { mediumModelInputs } from "../model/large-model-inputs.ts";
import { modelInputs } from "../model/model-inputs.ts";
import { readInputModel } from "../model/read-input-model.ts";

const SMALL = 28;
const MEDIUM = 6;
const MUTATIONS = 12;

/**
 * Inputs on which the programs of a problem are compared, each different: those that the statement's input model
 * gives, small ones and some of dozens of elements, then those of the examples and mutations of them. Each kind tells
 * programs apart that the others do not.
 */
export function furtherInputs(problem: Problem): ProbeInput[] {
  const tests = exampleTestsOf(problem).map(({ test }) => test);
  const model = readInputModel(problem, tests);
  const made = [...modelInputs(model, { count: SMALL }), ...mediumModelInputs(model, { count: MEDIUM })];
  const inputs = [...made.map(({ input }) => input), ...probeInputs(problem, tests, { count: MUTATIONS })];
  return [...new Map(inputs.map((input) => [JSON.stringify(input), input])).values()];
}
