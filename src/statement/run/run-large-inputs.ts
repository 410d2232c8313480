import type { Problem } from "../../core/problem.ts";
import { ObservedSandbox } from "../../sandbox/observed-sandbox.ts";
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

/** What became of the large inputs. */
export interface LargeRuns {
  /** Inputs answered in time and without an error. */
  readonly answered: number;
  /** CPU milliseconds of the slowest run. */
  readonly cpuMs: number;
}

/**
 * Runs a program on large inputs, one by one. After a time limit the rest counts as not answered, without a run. What
 * it answers is not looked at.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function runLargeInputs(
  code: string,
  problem: Problem,
  inputs: readonly ProbeInput[],
  options: ExampleRunOptions,
): Promise<LargeRuns> {
  let [answered, cpuMs] = [0, 0];
  for (const input of inputs) {
    let [spentMs, isTooSlow] = [0, false];
    const sandbox = new ObservedSandbox(options.sandbox, (result) => {
      spentMs += result.cpuMs;
      isTooSlow ||= result.status.startsWith("timeout");
    });
    const [answer] = await runProbes(code, problem, [input], { limits: LARGE_LIMITS, ...options, sandbox });
    cpuMs = Math.max(cpuMs, spentMs);
    if (typeof answer === "string") answered += 1;
    else if (isTooSlow) break;
  }
  return { answered, cpuMs };
}
