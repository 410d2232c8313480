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

const StepScore = z.object({ rewards: z.array(z.number()), warnings: z.array(z.string()) });
type StepScore = z.infer<typeof StepScore>;
/** The reward of a program as a single step; null: it has none. By itself, so that whoever wants it not needs no other scores. */
const Outcome = z.object({ programReward: z.number().nullable() });
/** All new programs of a problem are one row: they are scored together, so that a resumed run scores them the same. */
const Row = z.record(z.string(), z.union([StepScore, Outcome]));
type Row = z.infer<typeof Row>;

const rowOf = (value: unknown): Row | undefined => Row.safeParse(value).data;

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
  readonly #file: KeyedRows<Row>;
  readonly #keys: ScoreKeys;
  /** undefined: opened for reading. */
  readonly #method: ScoringMethod | undefined;
  readonly #scores = new Map<string, StepScore>();
  readonly #outcomes = new Map<string, number | null>();

  private constructor(file: KeyedRows<Row>, keys: ScoreKeys, method: ScoringMethod | undefined) {
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

  /** How many programs must still be scored. */
  missing(problems: readonly BenchProblem[]): number {
    return problems.reduce((sum, each) => sum + this.#missing(each).length, 0);
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
    const score = this.#scores.get(this.#key("steps", problem, code));
    if (score === undefined || !this.#keys.outcomeRewards) return score;
    const programReward = this.#outcomes.get(this.#key("program", problem, code));
    if (programReward === undefined) return undefined;
    return { ...score, ...(programReward !== null && { programReward }) };
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #missing({ problem, candidates }: BenchProblem): string[] {
    if (!this.wanted) return [];
    return programsOf(candidates).filter((code) => this.get(problem, code) === undefined);
  }

  /** What is missing of each program: the scores of its steps, its score as a whole, or both. */
  async #score(
    { scorer, stepSize, split, outcomeRewards }: ScoringMethod & { readonly scorer: Scorer },
    problem: Problem,
    programs: readonly string[],
    signal: AbortSignal,
  ): Promise<Row> {
    const score = (codes: readonly string[], size: StepSize) =>
      scoreCandidates(
        codes.map((code, sampleIndex) => ({
          problem,
          candidate: { problemId: problem.id, sampleIndex, code, warnings: [], extra: {} },
        })),
        { split: (code) => split(code, size), scorer, aggregate: "mean", signal },
      );
    const key = (kind: Kind, code: string): string => this.#key(kind, problem, code);
    const unread = programs.filter((code) => !this.#scores.has(key("steps", code)));
    const read = await score(unread, stepSize);
    const steps = new Map<string, StepScore>(
      unread.map((code, i) => {
        const { steps: scored = [], warnings = [] } = read[i] ?? {};
        return [code, { rewards: scored.map(({ reward }) => reward), warnings: [...warnings] }];
      }),
    );
    const rows: [string, Row[string]][] = [...steps].map(([code, each]) => [key("steps", code), each]);
    if (!outcomeRewards) return Object.fromEntries(rows);

    const unjudged = programs.filter((code) => !this.#outcomes.has(key("program", code)));
    const rewardsOf = (code: string): readonly number[] =>
      (steps.get(code) ?? this.#scores.get(key("steps", code)))?.rewards ?? [];
    // A program of a single step is its own program step.
    const several = unjudged.filter((code) => rewardsOf(code).length > 1);
    const whole = await score(several, "program");
    for (const code of unjudged) {
      const at = several.indexOf(code);
      const programReward = (at === -1 ? rewardsOf(code)[0] : whole[at]?.reward) ?? null;
      rows.push([key("program", code), { programReward }]);
    }
    return Object.fromEntries(rows);
  }

  #remember(row: Row): void {
    for (const [key, score] of Object.entries(row)) {
      if ("programReward" in score) this.#outcomes.set(key, score.programReward);
      else this.#scores.set(key, score);
    }
  }

  #key(kind: Kind, { statement }: Problem, code: string): string {
    const { scorerSha256, stepSize } = this.#keys;
    return keyOf(kind, scorerSha256, kind === "steps" ? stepSize : null, statement, code);
  }
}

type Kind = "steps" | "program";
