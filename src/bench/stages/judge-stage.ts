import type { Problem } from "../../core/problem.ts";
import type { ProblemSample, SampleJob } from "../../llm/sampler.ts";
import { type BenchProblem, keyOf, programsOf } from "../bench-pool.ts";
import { judgeMessages, readGrade } from "./judge-prompt.ts";
import type { StageProgress } from "./score-stage.ts";

/** An LLM behind a store: what was judged once is not asked again, so the stage keeps no file of its own. */
export type AskJudge = (jobs: readonly SampleJob[], progress: StageProgress) => AsyncIterable<ProblemSample>;

/** Grades of programs by an LLM that reads them. */
export class JudgeStage {
  readonly #ask: AskJudge | undefined;
  readonly #grades = new Map<string, number | null>();

  /** Without a judge there are no grades, and nothing waits for them. */
  constructor(ask: AskJudge | undefined) {
    this.#ask = ask;
  }

  /** How many questions there are; those that are stored are not asked again. */
  questions(problems: readonly BenchProblem[]): number {
    return problems.reduce((sum, { candidates }) => sum + programsOf(candidates).length, 0);
  }

  async run(problems: readonly BenchProblem[], progress: StageProgress): Promise<void> {
    if (this.#ask === undefined) return;
    for await (const { problemId, sample } of this.#ask(judgeJobs(problems), progress))
      this.#grades.set(problemId, readGrade(sample.text));
  }

  /** In [0, 1]; null where the judge gave no grade; undefined while it was not asked. */
  grade(problem: Problem, code: string): number | null | undefined {
    return this.#grades.get(jobId(problem, code));
  }

  get wanted(): boolean {
    return this.#ask !== undefined;
  }
}

/** One question a program. */
export function judgeJobs(problems: readonly BenchProblem[]): SampleJob[] {
  return problems.flatMap(({ problem, candidates }) =>
    programsOf(candidates).map((code) => ({
      problemId: jobId(problem, code),
      messages: judgeMessages(problem, code),
      indices: [0],
    })),
  );
}

/** The same for the same question, whatever the problem is called. */
function jobId({ statement, starterCode }: Problem, code: string): string {
  return keyOf(statement, starterCode, code);
}
