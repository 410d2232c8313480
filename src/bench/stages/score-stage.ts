import { z } from "zod";
import { scoreCandidates } from "../../core/step-rewards.ts";
import type { Problem } from "../../core/problem.ts";
import type { Scorer } from "../../core/scorer.ts";
import type { Step, StepSize } from "../../core/step.ts";
import { type BenchProblem, keyOf, programsOf } from "../bench-pool.ts";
import { KeyedRows } from "../../files/keyed-rows.ts";

/** What the PRM said of one program. */
export interface ProgramScore {
  /** r_1..r_T. */
  readonly rewards: readonly number[];
  /** The reward of the program as a single step; absent when it was not asked for. */
  readonly programReward?: number;
  readonly warnings: readonly string[];
}

const Score = z.object({
  rewards: z.array(z.number()),
  programReward: z.number().exactOptional(),
  warnings: z.array(z.string()),
});
/** All new programs of a problem are one row: they are scored together, so that a resumed run scores them the same. */
const Row = z.record(z.string(), Score);

const rowOf = (value: unknown): z.infer<typeof Row> | undefined => Row.safeParse(value).data;

export interface ScoringMethod {
  /** Absent when no selector looks at rewards: nothing is scored, and earlier scores are not used either. */
  readonly scorer?: Scorer;
  readonly stepSize: StepSize;
  readonly split: (code: string, size: StepSize) => readonly Step[];
  /** Whether programs are scored as a single step too (`orm`): twice the work. */
  readonly outcomeRewards: boolean;
}

/** What the rows of scores belong to. */
export interface ScoreKeys extends Pick<ScoringMethod, "stepSize" | "outcomeRewards"> {
  /** The scorer's identity; undefined as in ScoringMethod. */
  readonly scorerSha256: string | undefined;
}

export interface StageProgress {
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Scores of programs, kept in a file by problem, program and PRM. */
export class ScoreStage {
  readonly #file: KeyedRows<z.infer<typeof Row>>;
  readonly #keys: ScoreKeys;
  /** undefined: opened for reading. */
  readonly #method: ScoringMethod | undefined;
  readonly #scores = new Map<string, ProgramScore>();

  private constructor(
    file: KeyedRows<z.infer<typeof Row>>,
    keys: ScoreKeys,
    method: ScoringMethod | undefined,
  ) {
    this.#file = file;
    this.#keys = keys;
    this.#method = method;
    for (const row of file.rows()) this.#remember(row);
  }

  static async open(path: string, method: ScoringMethod): Promise<ScoreStage> {
    const keys = { ...method, scorerSha256: method.scorer?.identity.sha256 };
    return new ScoreStage(await KeyedRows.open(path, rowOf), keys, method);
  }

  /** What a bench has scored so far. */
  static async read(path: string, keys: ScoreKeys): Promise<ScoreStage> {
    return new ScoreStage(await KeyedRows.read(path, rowOf), keys, undefined);
  }

  /** Scores what is not scored yet. Interrupted by the signal between problems; what is finished is kept. */
  async run(problems: readonly BenchProblem[], { onProgress, signal }: StageProgress): Promise<void> {
    const method = this.#method;
    if (method === undefined) throw new Error("scores were opened for reading");
    const missing = problems.map((each) => ({ ...each, programs: this.#missing(each) }));
    const total = missing.reduce((sum, { programs }) => sum + programs.length, 0);
    let done = 0;
    for (const { problem, programs } of missing) {
      signal.throwIfAborted();
      const { scorer } = method;
      if (programs.length === 0 || scorer === undefined) continue;
      const row = await this.#score({ ...method, scorer }, problem, programs, signal);
      await this.#file.add(keyOf(...Object.keys(row)), row);
      this.#remember(row);
      done += programs.length;
      onProgress(done, total);
    }
  }

  get wanted(): boolean {
    return this.#keys.scorerSha256 !== undefined;
  }

  get(problem: Problem, code: string): ProgramScore | undefined {
    if (!this.wanted) return undefined;
    return this.#scores.get(this.#key(problem, code));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #missing({ problem, candidates }: BenchProblem): string[] {
    if (!this.wanted) return [];
    return programsOf(candidates).filter((code) => this.get(problem, code) === undefined);
  }

  async #score(
    { scorer, stepSize, split, outcomeRewards }: ScoringMethod & { readonly scorer: Scorer },
    problem: Problem,
    programs: readonly string[],
    signal: AbortSignal,
  ): Promise<Record<string, z.infer<typeof Score>>> {
    const score = (codes: readonly string[], size: StepSize) =>
      scoreCandidates(
        codes.map((code, sampleIndex) => ({
          problem,
          candidate: { problemId: problem.id, sampleIndex, code, warnings: [], extra: {} },
        })),
        { split: (code) => split(code, size), scorer, aggregate: "mean", signal },
      );
    const bySteps = await score(programs, stepSize);
    // A program of a single step is its own program step.
    const several = outcomeRewards ? programs.filter((_, i) => (bySteps[i]?.steps.length ?? 0) > 1) : [];
    const whole = await score(several, "program");
    const programReward = (code: string, i: number): number | null | undefined => {
      if (!outcomeRewards) return undefined;
      const at = several.indexOf(code);
      return at === -1 ? bySteps[i]?.reward : whole[at]?.reward;
    };
    return Object.fromEntries(
      programs.map((code, i) => {
        const { steps = [], warnings = [] } = bySteps[i] ?? {};
        const outcome = programReward(code, i);
        const scored = {
          rewards: steps.map(({ reward }) => reward),
          ...(typeof outcome === "number" && { programReward: outcome }),
          warnings: [...warnings],
        };
        return [this.#key(problem, code), scored];
      }),
    );
  }

  #remember(row: Readonly<Record<string, ProgramScore>>): void {
    for (const [key, score] of Object.entries(row)) this.#scores.set(key, score);
  }

  #scope({ statement }: Problem): readonly unknown[] {
    const { scorerSha256, stepSize, outcomeRewards } = this.#keys;
    return [scorerSha256, stepSize, outcomeRewards, statement];
  }

  #key(problem: Problem, code: string): string {
    return keyOf(...this.#scope(problem), code);
  }
}
