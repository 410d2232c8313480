import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { Scorer } from "../core/scorer.ts";
import { type Step, stepTexts } from "../core/step.ts";
import { type GradeOptions, Grader } from "../grade/grader.ts";
import { SharedWork } from "../grade/shared-work.ts";
import type { Outcome } from "../grade/verdict.ts";
import { endingAtOnce } from "../sandbox/ending-at-once.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { codeLines } from "../steps/code-lines.ts";
import { loadPythonParser, splitSteps } from "../steps/index.ts";
import { readRequest, type RewardItem, type RewardRequest, type RewardWish } from "./item.ts";
import { InlineProblems, type KnownProblems, openProblems } from "./problem-source.ts";
import { sentProgram } from "./program-text.ts";
import { type Measured, rewardRecord, type RewardRecord } from "./record.ts";
import { StepScores } from "./step-scores.ts";

export interface RewardsOptions {
  /** Problems with their tests that items may name by id: a file in any form, or a list. */
  readonly problems?: string | readonly Problem[];
  readonly sandbox: Sandbox;
  /** The PRM of step rewards. */
  readonly scorer?: Scorer;
  /** Limits of tests. */
  readonly grade?: Pick<GradeOptions, "timeoutMs" | "memoryBytes" | "cacheFolder">;
}

/** Milliseconds after which a time limit is confirmed although there is other work: a server may never come to rest. */
const CONFIRM_WITHIN_MS = 2000;
/** Outcomes kept for equal programs. */
const REMEMBERED = 50_000;

/**
 * Rewards of programs for training: verdicts of the hidden tests, step rewards of a PRM, and both together. Equal
 * programs of a problem run once. What could not be judged has no reward, and is tried again when it comes again.
 */
export class Rewards {
  readonly #known: KnownProblems;
  readonly #inline = new InlineProblems();
  readonly #grader: Grader;
  readonly #outcomes = new SharedWork<Outcome>(REMEMBERED, ({ verdict }) => verdict !== "infra_error");
  readonly #scores: StepScores | undefined;

  private constructor(known: KnownProblems, { sandbox, scorer, grade }: RewardsOptions) {
    this.#known = known;
    const lookup = async (key: string): Promise<Problem | undefined> =>
      this.#inline.get(key) ?? known.withTests(key);
    const options = { ...grade, confirmWithinMs: CONFIRM_WITHIN_MS };
    this.#grader = new Grader(lookup, endingAtOnce(sandbox), options);
    this.#scores = scorer === undefined ? undefined : new StepScores(scorer);
  }

  /** Errors: FunprmError `input` for problems that cannot be read. The sandbox and the PRM stay the caller's to close. */
  static async open(options: RewardsOptions): Promise<Rewards> {
    await loadPythonParser();
    return new Rewards(await openProblems(options.problems), options);
  }

  /** Whether step rewards can be asked for. */
  get hasPrm(): boolean {
    return this.#scores !== undefined;
  }

  /**
   * The reward of one program. `place` names the item in errors.
   * Errors: FunprmError `input` for an item that cannot be read, `usage` for a wish that this cannot fulfil, `model`,
   * `grading`; the signal's reason when it aborts.
   */
  async of(item: RewardItem, wish: RewardWish, place: string, signal: AbortSignal): Promise<RewardRecord> {
    this.#refuse(wish, place);
    if ("text" in item.problem) {
      return this.#inline.holding(item.problem.text, `${place}.problem`, (problem, key) =>
        this.#reward(item, wish, problem, key, signal),
      );
    }
    const { id } = item.problem;
    const problem = this.#known.find(id);
    if (problem !== undefined) return this.#reward(item, wish, problem, problem.id, signal);
    const fault = `there is no problem ${id} among the problems given`;
    const nothing = { passedTests: 0, totalTests: 0, cpuMs: 0, wallMs: 0, memoryKb: 0 };
    const outcome: Outcome = { verdict: "infra_error", failedTest: { index: 0, message: fault }, ...nothing };
    const text = item.program ?? item.completion ?? "";
    const sent = { text, code: "", given: 0, warnings: [], place: () => null };
    const none = { steps: [], isCode: [], rewards: undefined, truncatedTokens: 0 };
    return rewardRecord({ item, problemId: id, sent, ...none, outcome }, wish);
  }

  /**
   * The rewards of a request as `POST /v1/reward` takes it, in the order of its items.
   * Errors: those of `of`, for the first item that cannot be answered.
   */
  async answer(request: object, options: { readonly signal?: AbortSignal } = {}): Promise<RewardRecord[]> {
    return this.all(readRequest(JSON.stringify(request), "request"), options.signal);
  }

  /** The rewards of a request that has been read; when one item fails, the others end. */
  async all(request: RewardRequest, signal?: AbortSignal): Promise<RewardRecord[]> {
    const ending = new AbortController();
    setMaxListeners(0, ending.signal);
    const until = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
    setMaxListeners(0, until);
    try {
      return await Promise.all(
        request.items.map((item, at) => this.of(item, request, `items[${at}]`, until)),
      );
    } catch (error) {
      ending.abort(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#known.close();
  }

  #refuse({ prm, steps, shape }: RewardWish, place: string): void {
    if (prm && this.#scores === undefined) {
      throw new FunprmError(
        "usage",
        `${place}: "prm" needs a PRM: start the server, or the command, with --prm DIR`,
      );
    }
    if (shape === "psgpo" && steps === "function") {
      throw new FunprmError(
        "usage",
        `${place}: the shape psgpo rewards lines; expected "steps": "line", or none`,
      );
    }
  }

  async #reward(
    item: RewardItem,
    wish: RewardWish,
    problem: Problem,
    key: string,
    signal: AbortSignal,
  ): Promise<RewardRecord> {
    const sent = sentProgram(item, problem);
    const { code } = sent;
    const steps = code.trim() === "" ? [] : splitSteps(code, stepSizeOf(wish));
    const outcomeKey = createHash("sha256").update(`${key}\0${code}`).digest("base64");
    const [outcome, scored] = await Promise.all([
      this.#outcomes.get(outcomeKey, signal, (until) =>
        this.#grader.outcome({ problemId: key, code }, until),
      ),
      this.#stepRewards(problem.statement, code, steps, wish, signal),
    ]);
    const isCode = stepSizeOf(wish) === "line" ? codeLines(code, steps) : steps.map(() => true);
    return rewardRecord({ item, problemId: problem.id, sent, steps, isCode, ...scored, outcome }, wish);
  }

  async #stepRewards(
    statement: string,
    code: string,
    steps: readonly Step[],
    { prm }: RewardWish,
    signal: AbortSignal,
  ): Promise<Pick<Measured, "rewards" | "truncatedTokens">> {
    if (!prm || this.#scores === undefined) return { rewards: undefined, truncatedTokens: 0 };
    const answer = await this.#scores.of({ statement, steps: stepTexts(code, steps) }, signal);
    // A step that does not parse ends every hope of passing.
    const rewards = steps.map((step, at) => (step.complete ? (answer.rewards[at] ?? 0) : 0));
    return { rewards, truncatedTokens: answer.truncatedTokens };
  }
}

/** PSGPO's steps are lines. */
function stepSizeOf({ steps, shape }: RewardWish): "function" | "line" {
  return steps ?? (shape === "psgpo" ? "line" : "function");
}
