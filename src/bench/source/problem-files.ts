import { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { slugOf, withSuiteTests } from "../../formats/suites/leetcode.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { readProblems } from "../../formats/problems.ts";

/** The files that state a bench's problems, and the one with tests that they lack, if any. */
export interface ProblemSources {
  readonly files: readonly string[];
  readonly tests?: string | undefined;
}

/** Statements of all files, in order, without tests. */
export async function readBenchProblems(files: readonly string[]): Promise<Problem[]> {
  const fileOf = new Map<string, string>();
  const problems: Problem[] = [];
  for (const file of files) {
    for await (const problem of readProblems(file, { tests: "drop" })) {
      const earlier = fileOf.get(problem.id);
      if (earlier !== undefined) {
        throw new FunprmError(
          "input",
          `${file}: problem ${JSON.stringify(problem.id)} is already in ${earlier}; give each problem once`,
        );
      }
      fileOf.set(problem.id, file);
      problems.push(problem);
    }
  }
  return problems;
}

/** Problems with their tests, one in memory at a time; files are indexed when the first is asked for. */
export class TestLookup {
  readonly #sources: ProblemSources;
  #opened: Promise<Opened> | undefined;

  constructor(sources: ProblemSources) {
    this.#sources = sources;
  }

  readonly get = async (id: string): Promise<Problem | undefined> => {
    const { indexes, suite } = await (this.#opened ??= open(this.#sources));
    for (const index of indexes) {
      const problem = await index.get(id);
      if (problem === undefined) continue;
      const tests = suite.get(slugOf(problem.title ?? ""));
      return tests === undefined ? problem : withSuiteTests(problem, tests);
    }
    return undefined;
  };

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    for (const index of opened?.indexes ?? []) await index.close();
  }
}

interface Opened {
  readonly indexes: readonly ProblemIndex[];
  /** Tests by the slug of their problem's title. */
  readonly suite: ReadonlyMap<string, Problem>;
}

async function open({ files, tests }: ProblemSources): Promise<Opened> {
  const suite = new Map<string, Problem>();
  if (tests !== undefined) {
    for await (const problem of readProblems(tests)) suite.set(problem.title ?? problem.id, problem);
  }
  const indexes: ProblemIndex[] = [];
  for (const file of files) indexes.push(await ProblemIndex.open(file));
  return { indexes, suite };
}
