import { createHash } from "node:crypto";
import type { Problem } from "../core/problem.ts";
import { GRADING_VERSION } from "./grading-version.ts";

/** What, besides the program, decides its verdict: sha256, hex. `limits`: all else, limits and the interpreter. */
export function testsKey(problem: Problem, limits: object): string {
  const { id, kind, hiddenTests, exampleTests, preamble, entryPoint, starterCode } = problem;
  const decisive = { id, kind, hiddenTests, exampleTests, preamble, entryPoint, starterCode };
  return createHash("sha256")
    .update(JSON.stringify({ ...decisive, limits, grading: GRADING_VERSION }))
    .digest("hex");
}
