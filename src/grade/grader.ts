import { createHash } from "node:crypto";
import pLimit from "p-limit";
import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import { DEFAULT_LIMITS, wallLimitMs, type Limits, type Sandbox } from "../sandbox/sandbox.ts";
import { AloneQueue } from "./quiet-queue.ts";
import { gradeProgram } from "./grade-candidate.ts";
import { inOrder } from "./ordered-results.ts";
import { PlanCache, type ProblemLookup } from "./tests/test-plan-cache.ts";
import { ReferenceCache } from "./tests/reference-cache.ts";
import type { Graded, Outcome } from "./verdict.ts";

export interface GradeOptions {
  /** CPU time of one test, in ms. Default: 10,000. EvalPlus tasks have a rule of their own. */
  readonly timeoutMs?: number;
  /** Memory of one program beyond the bare interpreter, in bytes. Default: 1 GiB. */
  readonly memoryBytes?: number;
  /** Other limits. */
  readonly limits?: Partial<Limits>;
  /** Default: false, so that `passedTests` is exact; a time limit ends a candidate in any case. */
  readonly stopAtFirstFailure?: boolean;
  /** Folder that keeps the answers of EvalPlus references. Default: memory only. */
  readonly cacheFolder?: string;
  /** Run a test that ran into its time limit again with nothing else running before it counts. Default: true. */
  readonly confirmTimeouts?: boolean;
  /** A time limit is confirmed after so long even while other programs run. Default: when all have come to rest. */
  readonly confirmWithinMs?: number;
  /** Outcomes that were found before, by whomever; what is found now is kept there. */
  readonly known?: KnownOutcomes;
  readonly signal?: AbortSignal;
  /** Called after every graded candidate. */
  readonly onGraded?: (graded: Graded) => void;
}

/** Where outcomes outlive a run. */
interface KnownOutcomes {
  find(problemId: string, code: string): Promise<Outcome | undefined>;
  /** Gives the outcome that counts: another process may have been first. */
  keep(problemId: string, code: string, outcome: Outcome): Promise<Outcome>;
}

/** Candidates in progress, so that one slow program holds up neither the workers nor the order of the results. */
const WINDOW = 256;
/** Outcomes kept for equal programs. */
const REMEMBERED = 50_000;

/**
 * Grades candidates against their problems' hidden tests, in the order they come. A failing program is a result; so is a problem
 * without tests (`infra_error`). Equal programs of a problem run once.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed meanwhile
 */
export async function* gradeCandidates(
  candidates: AsyncIterable<Candidate> | Iterable<Candidate>,
  lookup: ProblemLookup,
  sandbox: Sandbox,
  options: GradeOptions = {},
): AsyncGenerator<Graded> {
  const grader = new Grader(lookup, sandbox, options);
  yield* inOrder(candidates, WINDOW, (candidate) => grader.grade(candidate));
}

/** Grades programs one by one, in any order, as their places come. */
export class Grader {
  readonly #plans: PlanCache;
  readonly #sandbox: Sandbox;
  readonly #options: GradeOptions;
  readonly #limits: Limits;
  readonly #known = new Map<string, Promise<Outcome>>();
  readonly #alone: AloneQueue;
  readonly #slots: ReturnType<typeof pLimit>;

  constructor(lookup: ProblemLookup, sandbox: Sandbox, options: GradeOptions) {
    this.#sandbox = sandbox;
    this.#options = options;
    this.#limits = gradingLimits(options);
    this.#alone = new AloneQueue(options.confirmWithinMs);
    const cache = new ReferenceCache(options.cacheFolder);
    this.#plans = new PlanCache(lookup, { sandbox, cache, limits: this.#limits });
    // One more than the workers, so that none waits while a result is looked at.
    this.#slots = pLimit(sandbox.jobs + 1);
  }

  async grade(candidate: Candidate): Promise<Graded> {
    const key = createHash("sha256").update(`${candidate.problemId}\0${candidate.code}`).digest("base64");
    const known = this.#known.get(key);
    const outcome = known ?? this.outcome(candidate, this.#options.signal);
    if (known === undefined) this.#remember(key, outcome);
    const graded: Graded = { candidate, ...(await outcome), duplicate: known !== undefined };
    this.#options.onGraded?.(graded);
    return graded;
  }

  #remember(key: string, outcome: Promise<Outcome>): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= REMEMBERED) this.#known.delete(oldest);
    this.#known.set(key, outcome);
  }

  /**
   * What the tests say of a program, whether or not an equal one has been graded before.
   * Errors: FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed.
   */
  async outcome(
    { code, problemId }: Pick<Candidate, "code" | "problemId">,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    if (code.trim() === "") return untested("no_code", "the reply holds no program");
    const known = await this.#options.known?.find(problemId, code);
    if (known !== undefined) return known;
    const outcome = await this.#tested(problemId, code, signal);
    return this.#options.known?.keep(problemId, code, outcome) ?? outcome;
  }

  async #tested(problemId: string, code: string, signal: AbortSignal | undefined): Promise<Outcome> {
    // Candidates wait here, not in the sandbox's queue: their tests are decoded when their turn comes.
    const leave = await this.#slot();
    const exit = this.#alone.enter();
    try {
      if (signal?.aborted === true) {
        throw new FunprmError("interrupted", "grading was interrupted before the program's turn");
      }
      const plan = await this.#plans.get(problemId);
      if ("fault" in plan) return untested("infra_error", plan.fault);
      return await gradeProgram(code, plan, {
        sandbox: this.#sandbox,
        limits: this.#limits,
        stopAtFirstFailure: this.#options.stopAtFirstFailure ?? false,
        ...(signal === undefined ? {} : { signal }),
        confirm: async (run) => {
          leave();
          return this.#alone.whenAlone(run);
        },
        confirmTimeouts: this.#options.confirmTimeouts ?? true,
      });
    } finally {
      leave();
      exit();
    }
  }

  /** Waits for a place among the running; returns what gives it back, once. */
  #slot(): Promise<() => void> {
    return new Promise((resolve) => {
      void this.#slots(() => new Promise<void>((leave) => resolve(leave)));
    });
  }
}

/** The limits of every run, the defaults filled in. */
export function gradingLimits(options: GradeOptions): Limits {
  const cpuMs = options.timeoutMs ?? options.limits?.cpuMs ?? DEFAULT_LIMITS.cpuMs;
  const memoryBytes = options.memoryBytes ?? DEFAULT_LIMITS.memoryBytes;
  return { ...DEFAULT_LIMITS, memoryBytes, wallMs: wallLimitMs(cpuMs), ...options.limits, cpuMs };
}

function untested(verdict: "no_code" | "infra_error", message: string): Outcome {
  const nothing = { passedTests: 0, totalTests: 0, cpuMs: 0, wallMs: 0, memoryKb: 0 };
  return { verdict, failedTest: { index: 0, message }, ...nothing };
}
