import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { passedOf, type Verdict, VERDICTS } from "../../core/verdict.ts";
import { gradeCandidates, type GradeOptions } from "../../grade/grader.ts";
import { steadyFailure } from "../../grade/steady-outcome.ts";
import { GRADING_VERSION } from "../../grade/grading-version.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import { type FailedTest, failedTestSchema } from "../../grade/failed-test.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type BenchCandidate, type BenchProblem, keyOf } from "../bench-pool.ts";
import { KeyedRows } from "../../files/keyed-rows.ts";
import type { StageProgress } from "./score-stage.ts";

/** What the hidden tests say of a program. */
export interface Judgement {
  /** null: nothing is known. */
  readonly passed: boolean | null;
  readonly verdict?: Verdict;
  readonly failedTest?: FailedTest;
}

const Row = z.object({ verdict: z.enum(VERDICTS), failedTest: failedTestSchema.exactOptional() });
type Row = z.infer<typeof Row>;

/** What the grader failed on, as a shard hands it on. */
export const gradeFaultsSchema = z.record(z.string(), Row.extend({ passed: z.boolean().nullable() }));

/** What the rows of verdicts belong to. */
export interface GradeKeys {
  /** What verdicts depend on besides problem and program: sha256 of the tests, limits. */
  readonly scope: readonly unknown[];
  /** Grade even what came with a verdict. */
  readonly regrade: boolean;
}

export interface GradingMethod extends GradeKeys {
  readonly lookup: ProblemLookup;
  readonly options: GradeOptions;
}

const rowOf = (value: unknown): Row | undefined => Row.safeParse(value).data;

/** Verdicts, kept in a file by problem and program. A fault of the grader is not kept, so that the next run tries again. */
export class GradeStage {
  readonly #file: KeyedRows<Row>;
  readonly #keys: GradeKeys;
  /** undefined: opened for reading. */
  readonly #method: GradingMethod | undefined;
  readonly #faults = new Map<string, Judgement>();

  private constructor(file: KeyedRows<Row>, keys: GradeKeys, method: GradingMethod | undefined) {
    this.#file = file;
    this.#keys = keys;
    this.#method = method;
  }

  static async open(path: string, method: GradingMethod): Promise<GradeStage> {
    return new GradeStage(await KeyedRows.open(path, rowOf), method, method);
  }

  /** What a bench has graded so far. */
  static async read(path: string, keys: GradeKeys): Promise<GradeStage> {
    return new GradeStage(await KeyedRows.read(path, rowOf), keys, undefined);
  }

  /** How many candidates must still be graded. */
  missing(problems: readonly BenchProblem[]): number {
    return problems.reduce((sum, each) => sum + this.#missing(each).length, 0);
  }

  /** Grades what has no verdict yet, problem by problem. */
  async run(
    problems: readonly BenchProblem[],
    sandbox: Sandbox | undefined,
    { onProgress, signal }: StageProgress,
  ): Promise<void> {
    const total = this.missing(problems);
    if (total === 0) return;
    if (sandbox === undefined) {
      throw new FunprmError(
        "grading",
        `${total} candidates have no verdict and cannot be graded without a sandbox: see funprm doctor, or give candidates with "passed"`,
      );
    }
    const candidates = problems.flatMap((each) =>
      this.#missing(each).map((code) => ({
        problemId: each.problem.id,
        sampleIndex: 0,
        code,
        warnings: [],
        extra: {},
      })),
    );
    let done = 0;
    if (this.#method === undefined) throw new Error("verdicts were opened for reading");
    const { lookup } = this.#method;
    const options = { ...this.#method.options, signal };
    for await (const graded of gradeCandidates(candidates, lookup, sandbox, options)) {
      const { candidate, verdict, failedTest } = graded;
      const key = this.#key(candidate.problemId, candidate.code);
      const row = {
        verdict,
        ...(failedTest !== undefined && { failedTest: steadyFailure(verdict, failedTest) }),
      };
      if (verdict === "infra_error") this.#faults.set(key, { passed: null, ...row });
      else await this.#file.add(key, row);
      onProgress((done += 1), total);
    }
  }

  /** undefined while it is not known. */
  judgement(problem: Problem, candidate: BenchCandidate): Judgement | undefined {
    if (this.#usesRecorded(candidate)) return { passed: candidate.recorded ?? null };
    const key = this.#key(problem.id, candidate.code);
    const row = this.#file.get(key);
    return row === undefined ? this.#faults.get(key) : { passed: passedOf(row.verdict), ...row };
  }

  /** What the grader failed on, by key: it is in no file. */
  get faults(): Readonly<Record<string, Judgement>> {
    return Object.fromEntries(this.#faults);
  }

  /** Takes what the grader of another process failed on. */
  addFaults(faults: Readonly<Record<string, Judgement>>): void {
    for (const [key, fault] of Object.entries(faults)) this.#faults.set(key, fault);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #missing({ problem, candidates }: BenchProblem): string[] {
    const open = candidates.filter((candidate) => this.judgement(problem, candidate) === undefined);
    return [...new Set(open.map(({ code }) => code))];
  }

  #usesRecorded({ recorded }: BenchCandidate): boolean {
    return recorded !== undefined && !this.#keys.regrade;
  }

  #key(problemId: string, code: string): string {
    return keyOf(GRADING_VERSION, ...this.#keys.scope, problemId, code);
  }
}
