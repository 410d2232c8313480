import type { Problem } from "../../core/problem.ts";
import { FunprmError } from "../../core/errors.ts";
import { planTests, type PlanTools } from "./test-plan.ts";
import type { Plan } from "./planned-test.ts";

/** The tests of a problem, or why there are none to run. */
export type PlanOrFault = Plan | { readonly fault: string };

/** Finds a problem with its tests by id; undefined when there is none. */
export type ProblemLookup = (id: string) => Promise<Problem | undefined>;

const DEFAULT_WEIGHT = 256 << 20;
/** Also of problems that weigh nothing. */
const MOST_PLANS = 20_000;

/**
 * Plans problems when their first candidate comes and keeps the latest ones, up to a bound on their size: a release holds gigabytes
 * of tests, and candidates mostly come problem by problem.
 */
export class PlanCache {
  readonly #plans = new Map<string, Promise<PlanOrFault>>();
  readonly #weights = new Map<string, number>();
  readonly #lookup: ProblemLookup;
  readonly #tools: PlanTools;
  readonly #largest: number;
  #weight = 0;

  constructor(lookup: ProblemLookup, tools: PlanTools, largest = DEFAULT_WEIGHT) {
    this.#lookup = lookup;
    this.#tools = tools;
    this.#largest = largest;
  }

  get(problemId: string): Promise<PlanOrFault> {
    const known = this.#plans.get(problemId);
    if (known !== undefined) {
      this.#plans.delete(problemId);
      this.#plans.set(problemId, known);
      return known;
    }
    const made = this.#make(problemId);
    this.#plans.set(problemId, made);
    return made;
  }

  async #make(problemId: string): Promise<PlanOrFault> {
    const plan = await planOf(problemId, this.#lookup, this.#tools);
    const weight = "tests" in plan ? plan.weight : plan.fault.length;
    this.#weights.set(problemId, weight);
    this.#weight += weight;
    for (const oldest of this.#plans.keys()) {
      const fits = this.#weight <= this.#largest && this.#plans.size <= MOST_PLANS;
      if (fits || oldest === problemId) break;
      const weighs = this.#weights.get(oldest);
      if (weighs === undefined) continue; // still being made
      this.#weight -= weighs;
      this.#weights.delete(oldest);
      this.#plans.delete(oldest);
    }
    return plan;
  }
}

/** A problem that cannot be graded is a fault of the tests, told with its reason, and no reason to end the run. */
async function planOf(problemId: string, lookup: ProblemLookup, tools: PlanTools): Promise<PlanOrFault> {
  try {
    const problem = await lookup(problemId);
    if (problem === undefined) return { fault: `there is no problem ${problemId} among the problems given` };
    const plan = await planTests(problem, tools);
    return plan.tests.length === 0 ? { fault: `the problem ${problemId} has no tests` } : plan;
  } catch (error) {
    if (error instanceof SyntaxError)
      return { fault: `the tests of ${problemId} cannot be read: ${error.message}` };
    if (error instanceof FunprmError && (error.code === "input" || error.code === "grading")) {
      return { fault: error.message };
    }
    throw error;
  }
}
