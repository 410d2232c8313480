import { gradeCandidates } from "../grade/grader.ts";
import type { Graded } from "../grade/verdict.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { type CandidateInput, candidatesFrom, problemFrom, type ProblemInput } from "./input.ts";
import { type CallOptions, type RunningOptions, signalOf } from "./options.ts";

export interface GradeCallOptions extends CallOptions, RunningOptions {
  /** CPU time of one test, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Leave out a candidate's other tests once one has failed. Default: false. */
  readonly stopAtFirstFailure?: boolean;
  /** Tests run at once. Default: the machine's cores. */
  readonly jobs?: number;
}

/**
 * Runs the problem's tests on every candidate, in the sandbox. A failing program is a result.
 *
 * @returns a verdict a candidate, in their order
 * @throws FunprmError `input` for what cannot be read, `grading` when nothing can run here, `interrupted`
 */
export async function grade(
  input: ProblemInput,
  candidates: readonly CandidateInput[],
  options: GradeCallOptions = {},
): Promise<readonly Graded[]> {
  const problem = problemFrom(input);
  const read = candidatesFrom(candidates, problem);
  const { python, jobs, timeoutMs, stopAtFirstFailure } = options;
  const sandbox = await openSandbox({
    ...(python !== undefined && { python }),
    ...(jobs !== undefined && { jobs }),
  });
  try {
    const graded: Graded[] = [];
    const run = gradeCandidates(read, async () => problem, sandbox, {
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(stopAtFirstFailure !== undefined && { stopAtFirstFailure }),
      signal: signalOf(options),
    });
    for await (const each of run) graded.push(each);
    return graded;
  } finally {
    await sandbox.close();
  }
}
