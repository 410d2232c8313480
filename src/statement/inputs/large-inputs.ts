import type { Problem, TestCase } from "../../core/problem.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { largeCall } from "./large-call.ts";
import type { Growth } from "./large-column.ts";
import { largeStdin, stdinLayout } from "./large-stdin.ts";
import type { Shape } from "./large-values.ts";
import { isExact, type ProbeInput } from "./probe-inputs.ts";
import { entrySignature } from "../python/signature.ts";
import { SizeBounds } from "./size-bounds.ts";

/** The order in which programs get them: what ends most slow programs comes first. */
const SHAPES: readonly Shape[] = ["random", "ascending", "top"];

/**
 * Inputs near the statement's bounds, in the form of the examples: on small ones a program that is too slow or
 * recurses too deep looks like a right one. One a shape, each different; none where the statement's form or bounds are
 * not understood. They keep what the bounds say and what the examples show, but a statement may ask for more.
 */
export function largeInputs(problem: Problem, examples: readonly TestCase[], seed = 0): ProbeInput[] {
  const bounds = new SizeBounds(problem.statement);
  const calls = examples.flatMap((test) => (test.type === "call" && isExact(test) ? [test.args] : []));
  const inputs = examples.flatMap((test) => (test.type === "stdio" ? [test.input] : []));
  const names = entrySignature(problem)?.parameters.map(({ name }) => name) ?? [];
  const layout = inputs.length === 0 ? undefined : stdinLayout(problem.statement, inputs);
  const found = new Map<string, ProbeInput>();
  for (const shape of SHAPES) {
    const growth: Growth = {
      statement: problem.statement,
      bounds,
      environment: new Map(),
      shape,
      random: seededRandom(seed),
    };
    const input = layout && largeStdin(layout, growth);
    const args = calls.length > 0 && names.length > 0 ? largeCall(names, calls, growth) : undefined;
    if (input !== undefined) found.set(input, { type: "stdio", input });
    if (args !== undefined) found.set(JSON.stringify(args), { type: "call", args });
  }
  return [...found.values()];
}
