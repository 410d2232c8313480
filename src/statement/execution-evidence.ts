import pLimit from "p-limit";
import type { Problem } from "../core/problem.ts";
import { DEFAULT_LIMITS, type Limits, type Sandbox, wallLimitMs } from "../sandbox/sandbox.ts";
import { exampleTestsOf } from "./extract-examples.ts";
import { probeInputs } from "./probe-inputs.ts";
import { runExamples } from "./run-examples.ts";
import { runProbes } from "./run-probes.ts";

/** What running a program showed; a field is absent when the problem gives nothing to run. */
export interface ExecutionEvidence {
  /** Verdicts of the statement's examples; null where it leaves several answers open. */
  readonly exampleResults?: readonly (boolean | null)[];
  /** Equal for programs that answer all probe inputs alike; null for one that answers none. */
  readonly outputSignature?: string | null;
}

/** Statement examples are small; a program that needs longer for one is too slow for the hidden tests. */
const CPU_MS = 4000;
const EXAMPLE_LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: CPU_MS, wallMs: wallLimitMs(CPU_MS) };

/**
 * Runs the programs of one problem on the examples of its statement and on mutations of their inputs; no reference
 * and no hidden test is needed. Equal programs run once.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function executionEvidence(
  problem: Problem,
  programs: readonly string[],
  options: { readonly sandbox: Sandbox; readonly signal?: AbortSignal },
): Promise<ExecutionEvidence[]> {
  const examples = exampleTestsOf(problem);
  if (examples.length === 0) return programs.map(() => ({}));
  const probes = probeInputs(
    problem,
    examples.map(({ test }) => test),
  );
  const limit = pLimit(options.sandbox.jobs);
  const runs = new Map<string, Promise<ExecutionEvidence>>();
  const run = async (code: string): Promise<ExecutionEvidence> => {
    const limited = { ...options, limits: EXAMPLE_LIMITS };
    const exampleResults = await runExamples(code, problem, examples, limited);
    // A program that fails every example cannot be in the cluster that decides; its probes are left out.
    if (exampleResults.every((result) => result === false)) return { exampleResults, outputSignature: null };
    const answers = await runProbes(code, problem, probes, limited);
    const silent = answers.every((answer) => answer === null);
    return { exampleResults, outputSignature: silent ? null : answers.join(" ") };
  };
  return Promise.all(
    programs.map((code) => {
      const known = runs.get(code) ?? limit(() => run(code));
      runs.set(code, known);
      return known;
    }),
  );
}
