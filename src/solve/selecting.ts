import type { Aggregate } from "../core/aggregate.ts";
import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { ScoredCandidate } from "../core/ranking.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { selectorByName } from "../select/index.ts";
import { type ExecutionEvidence, executionEvidence } from "../statement/run/execution-evidence.ts";
import type { Options } from "../cli/options.ts";
import type { Reporter } from "../cli/reporter.ts";

/** What a selector made of one problem's candidates. */
export interface Choice {
  /** Rank score of each candidate, in the pool's order; higher is better. */
  readonly scores: readonly number[];
  /** The evidence that told the best from the rest; null when none did. */
  readonly decidedBy: string | null;
  readonly evidence: readonly ExecutionEvidence[];
}

/** Selectors that look at what programs do; `auto` does where it can. */
const RUNS_PROGRAMS: ReadonlySet<string> = new Set([
  "examples",
  "agreement",
  "codet",
  "examples+agreement",
  "examples+scale+agreement",
  "examples+agreement+scale",
  "examples+prm",
]);

/** Chooses as `--select` says. Opens the sandbox when a program is to run for the first time. */
export class Selecting {
  readonly name: string;
  readonly #options: Options;
  readonly #aggregate: Aggregate;
  readonly #report: Reporter;
  #sandbox: Promise<Sandbox | undefined> | undefined;

  constructor(options: Options, aggregate: Aggregate, report: Reporter) {
    this.name = options.select;
    this.#options = options;
    this.#aggregate = aggregate;
    this.#report = report;
  }

  async choose(
    problem: Problem,
    pool: readonly Candidate[],
    scored: readonly ScoredCandidate[],
    signal: AbortSignal,
  ): Promise<Choice> {
    // A single candidate needs no choosing, and no program runs without need.
    const sandbox = pool.length < 2 ? undefined : await (this.#sandbox ??= this.#open());
    const codes = pool.map(({ code }) => code);
    const evidence =
      sandbox === undefined
        ? codes.map((): ExecutionEvidence => ({}))
        : await executionEvidence(problem, codes, { sandbox, signal });
    const selector = selectorByName(this.name, this.#aggregate);
    const selection = selector.select(
      pool.map((candidate, i) => ({
        sampleIndex: candidate.sampleIndex,
        code: candidate.code,
        rewards: scored[i]?.steps.map(({ reward }) => reward) ?? [],
        ...evidence[i],
      })),
    );
    if ("unavailable" in selection) {
      throw new FunprmError(
        "usage",
        `--select ${this.name} needs ${selection.unavailable}, which problem ${problem.id} does not give; use --select auto`,
      );
    }
    return { scores: selection.scores, decidedBy: selection.decidedBy, evidence };
  }

  async close(): Promise<void> {
    const sandbox = await this.#sandbox?.catch(() => undefined);
    await sandbox?.close();
  }

  async #open(): Promise<Sandbox | undefined> {
    if (this.name !== "auto" && !RUNS_PROGRAMS.has(this.name)) return undefined;
    try {
      return await openSandbox({ python: this.#options.python });
    } catch (error) {
      if (this.name !== "auto" || !(error instanceof FunprmError)) throw error;
      const [reason] = error.message.split("\n");
      this.#report.warn(`the statement's examples are not run, the PRM alone chooses: ${reason}`);
      return undefined;
    }
  }
}
