import { join } from "node:path";
import type { GradeOptions } from "../../grade/grader.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import type { Reporter } from "../../console/reporter.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Options } from "../../settings/options.ts";
import { openStore, tellContradictions } from "../../solve/open-store.ts";
import { storedOutcomes } from "../../solve/open-verdicts.ts";

export interface GradingRun {
  readonly options: Options;
  readonly report: Reporter;
  readonly lookup: ProblemLookup;
  readonly signal: AbortSignal;
}

/** What completions are judged with: verdicts of earlier runs are found in the store, new ones are kept there. */
export interface Grading {
  readonly sandbox: Sandbox;
  readonly grade: GradeOptions;
}

/** Opens sandbox and store for `use`, closes both, and says where results differ from those of before. */
export async function withGrading<T>(
  { options, report, lookup, signal }: GradingRun,
  use: (grading: Grading) => Promise<T>,
): Promise<T> {
  const store = await openStore(options.verdicts ?? join(".funprm", "verdicts"));
  try {
    const sandbox = await openSandbox({
      python: options.python,
      unsafe: options.unsafe,
      ...(options.jobs !== undefined && { jobs: options.jobs }),
    });
    try {
      const grade: GradeOptions = {
        memoryBytes: options.memory * 2 ** 20,
        stopAtFirstFailure: true,
        ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
      };
      const known = await storedOutcomes(store, { lookup, sandbox, grade, signal });
      const result = await use({ sandbox, grade: { ...grade, known } });
      tellContradictions(store, report);
      return result;
    } finally {
      await sandbox.close();
    }
  } finally {
    await store.close();
  }
}
