import type { Problem } from "../../core/problem.ts";
import { DEFAULT_LIMITS, type Limits, wallLimitMs } from "../../sandbox/sandbox.ts";
import type { ProbeInput } from "../inputs/probe-inputs.ts";
import type { ExampleRunOptions } from "./run-examples.ts";
import { runProbes } from "./run-probes.ts";

/**
 * Judges give Python between 2 and 10 seconds; a right program needs less than one on inputs of this size, one that is
 * quadratic minutes, so that nothing hangs on the exact number.
 */
const CPU_MS = 6000;
export const LARGE_LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: CPU_MS, wallMs: wallLimitMs(CPU_MS) };

/**
 * How many of the large inputs a program answers in time and without an error. After a time limit the rest counts as
 * not answered, without a run. What it answers is not looked at.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function largeInputsAnswered(
  code: string,
  problem: Problem,
  inputs: readonly ProbeInput[],
  options: ExampleRunOptions,
): Promise<number> {
  const answers = await runProbes(code, problem, inputs, { limits: LARGE_LIMITS, ...options });
  return answers.filter((answer) => answer !== null).length;
}
