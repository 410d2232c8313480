import type { Problem, TestCase } from "../../core/problem.ts";
import { seededRandom, type SeededRandom } from "../../core/seeded-random.ts";
import { callShape, mutateCall } from "./mutate-call.ts";
import { mutateStdin } from "./mutate-stdin.ts";
import { entrySignature } from "../python/signature.ts";

/** An input without a known output: programs are compared with each other on it. */
export type ProbeInput =
  | { readonly type: "stdio"; readonly input: string }
  | { readonly type: "call"; readonly args: readonly unknown[] };

export interface ProbeOptions {
  /** Inputs to make besides the examples' own; fewer come when the examples allow few. Default 16. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
}

const COUNT = 16;
/** Attempts an input: most fail on an invariant. */
const ATTEMPTS = 20;
/** Mutations on top of each other; more wander off from what the statement allows. */
const MAX_DEPTH = 3;

/**
 * Inputs on which to compare the candidates of a problem: those of its examples, then mutations of them, each
 * different. The same for the same seed. Empty when no example has an input as data (`check` tests).
 */
export function probeInputs(
  problem: Problem,
  examples: readonly TestCase[],
  options: ProbeOptions = {},
): ProbeInput[] {
  const random = seededRandom(options.seed ?? 0);
  const mutate = mutationOf(problem, examples);
  const known = examples.flatMap(inputOf);
  const found = new Map(known.map((input) => [JSON.stringify(input), input]));
  const wanted = found.size + (options.count ?? COUNT);
  if (known.length === 0) return [];
  for (let attempt = 0; attempt < wanted * ATTEMPTS && found.size < wanted; attempt++) {
    let input: ProbeInput | undefined = known[attempt % known.length];
    const depth = 1 + random.below(MAX_DEPTH);
    for (let i = 0; i < depth && input !== undefined; i++)
      input = mutate(input, random) ?? (i > 0 ? input : undefined);
    if (input !== undefined) found.set(JSON.stringify(input), input);
  }
  return [...found.values()];
}

function inputOf(test: TestCase): ProbeInput[] {
  if (test.type === "stdio") return [{ type: "stdio", input: test.input }];
  return test.type === "call" && isExact(test) ? [{ type: "call", args: test.args }] : [];
}

/** Whether the arguments as JavaScript holds them are what was written: `1.0` and long integers are not. */
export function isExact({ args, argsJson }: Extract<TestCase, { type: "call" }>): boolean {
  if (argsJson === undefined) return true;
  const compact = argsJson.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  return compact === JSON.stringify(args);
}

function mutationOf(
  problem: Problem,
  examples: readonly TestCase[],
): (input: ProbeInput, random: SeededRandom) => ProbeInput | undefined {
  const names = entrySignature(problem)?.parameters.map(({ name }) => name) ?? [];
  const args = examples.flatMap((test) => (test.type === "call" ? [test.args] : []));
  const shape = callShape(args, names, problem.statement);
  return (input, random) => {
    if (input.type === "stdio") {
      const mutated = mutateStdin(input.input, random);
      return mutated === undefined ? undefined : { type: "stdio", input: mutated };
    }
    const mutated = mutateCall(input.args, shape, random);
    return mutated && { type: "call", args: mutated };
  };
}
