import { codeSha256 } from "../../core/candidate.ts";
import { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { passedOf } from "../../core/verdict.ts";
import { type GradeOptions, Grader } from "../../grade/grader.ts";
import { inOrder } from "../../grade/ordered-results.ts";
import { SharedWork } from "../../grade/shared-work.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { RolloutPolicy } from "../policy.ts";
import { exhaustiveLabels, type LineLabels, passingLabels, type Probe, searchLabels } from "./line-labels.ts";
import { type LinePrefix, type LineProgram, linePrefix } from "./line-program.ts";

export interface CollectLinesOptions {
  readonly lookup: ProblemLookup;
  readonly policy: RolloutPolicy<LinePrefix>;
  /** K: completions of a prefix at most. */
  readonly rollouts: number;
  readonly label: "search" | "exhaustive";
  readonly sandbox: Sandbox;
  /** With `known`, a killed run grades nothing twice. */
  readonly grade: GradeOptions;
  readonly signal?: AbortSignal;
  /** Called with the number of programs that are labelled. */
  readonly onProgress?: (done: number) => void;
}

/** A program with the labels of its lines. */
export interface LabelledProgram extends LineLabels {
  readonly program: LineProgram;
  /** null when it could not be judged; then nothing is labelled. */
  readonly passed: boolean | null;
  /** Completions that did not keep their prefix, and that could not be judged. */
  readonly rejected: number;
  readonly unjudged: number;
}

/** Programs that are labelled at the same time, for each place in the sandbox: a search waits for its verdicts. */
const AT_ONCE = 2;
/** Completions that are asked for together, before the first of them is judged: an early pass saves the others. */
const FIRST_ROUND = 4;
/** Other searches go on: without a bound a time limit would wait for all of them. */
const CONFIRM_WITHIN_MS = 2000;
const REMEMBERED = 50_000;

/**
 * Labels the lines of programs, in their order. A prefix is completed until one completion passes, K times at most.
 * What is known of verdicts (`grade.known`) is not graded again.
 *
 * Errors: FunprmError `input` for a problem without tests, `interrupted`, and those of the policy.
 */
export async function* labelLines(
  programs: readonly LineProgram[],
  options: CollectLinesOptions,
): AsyncGenerator<LabelledProgram> {
  const judge = new Judge(options);
  let done = 0;
  const atOnce = AT_ONCE * options.sandbox.jobs;
  for await (const made of inOrder(programs, atOnce, (program) => labelled(program, judge, options))) {
    options.onProgress?.((done += 1));
    yield made;
  }
}

async function labelled(
  program: LineProgram,
  judge: Judge,
  options: CollectLinesOptions,
): Promise<LabelledProgram> {
  const { problemId } = program.candidate;
  const lines = program.ofCode.length;
  const counts = { rejected: 0, unjudged: 0 };
  const passed = await judge.passes(problemId, program.code);
  if (passed === null) {
    const nothing = Array.from({ length: lines }, () => undefined);
    return { program, passed, labels: nothing.map(() => null), probes: nothing, ...counts };
  }
  if (passed) return { program, passed, ...passingLabels(lines), ...counts };
  const probe = (line: number): Promise<Probe> =>
    probeLine(linePrefix(program, line), judge, options, counts);
  const label = options.label === "search" ? searchLabels : exhaustiveLabels;
  return { program, passed, ...(await label(lines, probe)), ...counts };
}

/** Completions of one prefix, until one passes; those of a round are asked for together, and judged one by one. */
async function probeLine(
  prefix: LinePrefix,
  judge: Judge,
  { policy, rollouts, signal }: CollectLinesOptions,
  counts: { rejected: number; unjudged: number },
): Promise<Probe> {
  const problem = await judge.problem(prefix.problemId);
  let K = 0;
  for (let asked = 0, round = FIRST_ROUND; asked < rollouts; round *= 2) {
    const count = Math.min(rollouts, asked + round);
    const programs: (string | null | undefined)[] = [];
    for await (const { index, program } of policy.rollouts([{ prefix, problem }], count, signal)) {
      signal?.throwIfAborted();
      programs[index] = program;
    }
    for (const program of programs.slice(asked)) {
      if (program === undefined) continue;
      if (program === null) {
        counts.rejected += 1;
        continue;
      }
      const passed = await judge.passes(prefix.problemId, program);
      if (passed === null) counts.unjudged += 1;
      else K += 1;
      if (passed === true) return { recoverable: true, K, k: 1 };
    }
    // The pool may hold fewer.
    if (programs.length < count) break;
    asked = count;
  }
  return { recoverable: K === 0 ? null : false, K, k: 0 };
}

/** Verdicts of programs, each found once. */
class Judge {
  readonly #options: CollectLinesOptions;
  readonly #grader: Grader;
  readonly #shared = new SharedWork<{ readonly passed: boolean | null }>(REMEMBERED, () => true);
  readonly #problems = new Map<string, Promise<Problem>>();
  readonly #signal: AbortSignal;

  constructor(options: CollectLinesOptions) {
    this.#options = options;
    const { lookup, sandbox, grade } = options;
    this.#grader = new Grader(lookup, sandbox, {
      ...grade,
      stopAtFirstFailure: true,
      confirmWithinMs: CONFIRM_WITHIN_MS,
    });
    this.#signal = options.signal ?? new AbortController().signal;
  }

  problem(id: string): Promise<Problem> {
    const known = this.#problems.get(id) ?? this.#lookUp(id);
    this.#problems.set(id, known);
    return known;
  }

  async passes(problemId: string, code: string): Promise<boolean | null> {
    await this.problem(problemId);
    const key = `${problemId}\0${codeSha256(code)}`;
    const { passed } = await this.#shared.get(key, this.#signal, async (until) => {
      const outcome = await this.#grader.outcome({ problemId, code }, until);
      return { passed: passedOf(outcome.verdict) };
    });
    return passed;
  }

  async #lookUp(id: string): Promise<Problem> {
    const problem = await this.#options.lookup(id);
    if (problem?.hiddenTests === undefined) {
      throw new FunprmError(
        "input",
        `expected problem ${id} with hidden tests, got ${problem === undefined ? "no such problem" : "none"}: ` +
          "labels say whether completions pass them",
      );
    }
    return problem;
  }
}
