import { exampleScore } from "../../core/example-score.ts";
import type { Problem } from "../../core/problem.ts";
import { DEFAULT_LIMITS, type Limits, type Sandbox, wallLimitMs } from "../../sandbox/sandbox.ts";
import { exampleTestsOf } from "../examples/extract-examples.ts";
import { largeInputs } from "../inputs/large-inputs.ts";
import type { ProbeInput } from "../inputs/probe-inputs.ts";
import { largeModelInputs } from "../model/large-model-inputs.ts";
import { readInputModel } from "../model/read-input-model.ts";
import { sessionEvidence } from "../sessions/class-evidence.ts";
import { worksWithLibraries } from "../sessions/fixed-functions.ts";
import { soundness } from "../static/soundness.ts";
import { staticEvidence } from "../static/static-evidence.ts";
import { eachProgram } from "./each-program.ts";
import { furtherInputs } from "./further-inputs.ts";
import type { ExecutionEvidence } from "./execution-result.ts";
import { runExamples } from "./run-examples.ts";
import { runLargeInputs } from "./run-large-inputs.ts";
import { runProbes } from "./run-probes.ts";

export type { ExecutionEvidence } from "./execution-result.ts";

export interface EvidenceOptions {
  readonly sandbox: Sandbox;
  readonly signal?: AbortSignal;
}

/** Statement examples are small; a program that needs longer for one is too slow for the hidden tests. */
const CPU_MS = 4000;
export const EXAMPLE_LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: CPU_MS, wallMs: wallLimitMs(CPU_MS) };

/**
 * Runs the programs of one problem on the examples of its statement and on further inputs; of a class, the sessions in
 * its docstrings. No reference and no hidden test is needed. Equal programs run once.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function smallEvidence(
  problem: Problem,
  programs: readonly string[],
  options: EvidenceOptions,
): Promise<ExecutionEvidence[]> {
  const examples = examplesToRun(problem);
  // Arguments made from types alone are seldom what a library's function takes; its docstring shows more.
  const probes = worksWithLibraries(problem) ? [] : furtherInputs(problem);
  if (examples.length === 0) {
    const sound = await staticEvidence(problem, programs, options);
    const shown =
      probes.length === 0
        ? await sessionEvidence(problem, programs, options)
        : await probeEvidence(problem, programs, probes, options);
    return shown.map((evidence, i) => {
      const read = sound[i];
      return read === undefined ? evidence : { ...evidence, soundness: soundness(read) };
    });
  }
  return eachProgram(programs, options.sandbox.jobs, async (code) => {
    const limited = { ...options, limits: EXAMPLE_LIMITS };
    const exampleResults = await runExamples(code, problem, examples, limited);
    // Where others pass one it is out, and where nobody does an example was misread or all are wrong: it gets no vote.
    if (exampleResults.every((result) => result === false))
      return { exampleResults, probeAnswers: probes.map(() => null) };
    return { exampleResults, probeAnswers: await runProbes(code, problem, probes, limited) };
  });
}

/** The examples that are run as tests, in the order of their results; a library's function runs as a session instead. */
export function examplesToRun(problem: Problem): ReturnType<typeof exampleTestsOf> {
  return worksWithLibraries(problem) ? [] : exampleTestsOf(problem);
}

function probeEvidence(
  problem: Problem,
  programs: readonly string[],
  probes: readonly ProbeInput[],
  options: EvidenceOptions,
): Promise<ExecutionEvidence[]> {
  return eachProgram(programs, options.sandbox.jobs, async (code) => ({
    probeAnswers: await runProbes(code, problem, probes, { ...options, limits: EXAMPLE_LIMITS }),
  }));
}

/**
 * What large inputs show of the programs that do best on the examples: slow programs cost most, so the others are left
 * out and count as answering none. undefined when no large input can be made or there is nothing left to tell apart.
 */
export async function scaleEvidence(
  problem: Problem,
  programs: readonly string[],
  small: readonly ExecutionEvidence[],
  options: EvidenceOptions,
): Promise<ExecutionEvidence[] | undefined> {
  const leading = leadingPrograms(programs, small);
  const inputs = leading === undefined ? [] : largeInputsOf(problem);
  if (leading === undefined || inputs.length === 0) return undefined;
  return eachProgram(programs, options.sandbox.jobs, async (code) => {
    if (!leading.has(code)) return { largeInputsAnswered: 0 };
    const { answered, cpuMs } = await runLargeInputs(code, problem, inputs, options);
    return { largeInputsAnswered: answered, largeCpuMs: cpuMs };
  });
}

/** The programs that do best on the examples; undefined when none passes any or a single one is left. */
export function leadingPrograms(
  programs: readonly string[],
  small: readonly ExecutionEvidence[],
): ReadonlySet<string> | undefined {
  const scores = small.map(({ exampleResults }) => exampleScore(exampleResults ?? []));
  const best = Math.max(...scores);
  const leading = new Set(programs.filter((_, i) => scores[i] === best));
  return best === 0 || leading.size < 2 ? undefined : leading;
}

/** More tell hardly any more programs apart, and slow programs take seconds for each. */
const LARGE_INPUTS = 4;

/** Large inputs of the statement's model, then in the form of its examples. */
export function largeInputsOf(problem: Problem): ProbeInput[] {
  const tests = exampleTestsOf(problem).map(({ test }) => test);
  const made = largeModelInputs(readInputModel(problem, tests), { count: LARGE_INPUTS }).map(
    ({ input }) => input,
  );
  const shaped = made.length < LARGE_INPUTS ? largeInputs(problem, tests) : [];
  return [...made, ...shaped].slice(0, LARGE_INPUTS);
}
