import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { readProblems } from "./problems.ts";

/** The problems of all files, in order, hidden tests dropped; an id that two files share is an error. */
export async function readAllProblems(files: readonly string[]): Promise<Problem[]> {
  const problems = new Map<string, { problem: Problem; file: string }>();
  for (const file of files) {
    for await (const problem of readProblems(file, { tests: "drop" })) {
      const earlier = problems.get(problem.id);
      if (earlier !== undefined) {
        throw new FunprmError(
          "input",
          `${file}: problem ${JSON.stringify(problem.id)} is already in ${earlier.file}; give each problem once`,
        );
      }
      problems.set(problem.id, { problem, file });
    }
  }
  return [...problems.values()].map(({ problem }) => problem);
}
