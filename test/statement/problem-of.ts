import type { Problem } from "../../src/core/problem.ts";

/** A problem from what a test is about. */
export function problemOf(
  kind: Problem["kind"],
  statement: string,
  rest: Partial<Pick<Problem, "starterCode" | "entryPoint" | "exampleTests">> = {},
): Problem {
  return { id: "p", kind, statement, starterCode: "", exampleTests: [], meta: {}, ...rest };
}
