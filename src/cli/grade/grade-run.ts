import { join } from "node:path";
import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import type { Reporter } from "../../console/reporter.ts";
import { slugOf, withSuiteTests } from "../../formats/suites/leetcode.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { readProblems } from "../../formats/problems.ts";
import type { GradeOptions } from "../../grade/grader.ts";
import type { StoredOutcomes } from "../../grade/stored-outcomes.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Options } from "../../settings/options.ts";

/** What `grade` works with. */
export interface GradeRun {
  readonly candidates: AsyncIterable<Candidate>;
  /** The id of the problem that a candidate may spell otherwise. */
  readonly idOf: (problemId: string) => string;
  readonly tests: Tests;
  readonly sandbox: Sandbox;
  readonly options: Options;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Verdicts that other processes share. */
  readonly verdicts?: StoredOutcomes;
}

/** How the grader is to work. */
export function gradeOptions({ options, signal, verdicts }: GradeRun): GradeOptions {
  return {
    memoryBytes: options.memory * 2 ** 20,
    stopAtFirstFailure: options.stopAtFirstFailure,
    cacheFolder: join(".funprm", "references"),
    signal,
    ...(verdicts !== undefined && { known: verdicts }),
    ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
  };
}

/** Problems with their tests by id, one in memory at a time. */
export interface Tests {
  readonly get: (id: string) => Promise<Problem | undefined>;
  readonly close: () => Promise<void>;
}

/** `suite`: tests of problems whose own file has none, joined by title. */
export async function openTests(problems: string, suite: string | undefined): Promise<Tests> {
  const index = await ProblemIndex.open(problems);
  const bySlug = new Map<string, Problem>();
  if (suite !== undefined) {
    for await (const tests of readProblems(suite)) bySlug.set(tests.title ?? tests.id, tests);
  }
  return {
    get: async (id) => {
      const problem = await index.get(id);
      const tests = bySlug.get(slugOf(problem?.title ?? ""));
      return problem === undefined || tests === undefined ? problem : withSuiteTests(problem, tests);
    },
    close: () => index.close(),
  };
}
