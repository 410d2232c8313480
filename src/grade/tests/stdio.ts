import { sameOutput } from "../compare/stdout.ts";
import type { PlannedTest } from "./planned-test.ts";
import { failure, judgeBroken, judgeEnd, judgeException, shorten, type Judgement } from "../verdict.ts";

/** A program that reads stdin. The expected output never leaves this process. */
export function stdioTest(input: string, output: string, prelude: string): PlannedTest {
  return {
    count: 1,
    job: (code, limits) => ({ kind: "script", code, prelude, stdin: input, limits }),
    judge(result): Judgement {
      const shown = { input: shorten(input), expected: shorten(output), actual: shorten(result.stdout) };
      const ended = judgeEnd(result);
      if (ended !== undefined) return { ...ended, failed: { index: 0, ...ended.failed, ...shown } };
      const exception = readException(result.report);
      if (exception !== undefined && result.begun === false) return judgeBroken(...exception, shown);
      if (exception !== undefined) return judgeException(...exception, shown);
      // sys.exit(1) after the right answer is right: LiveCodeBench and EvalPlus look at the output only.
      return sameOutput(result.stdout, output) ? { verdict: "pass" } : failure("wrong_answer", shown);
    },
  };
}

/** `["ValueError", "message"]`, as the runners report an exception. */
export function readException(report: string): [string, string] | undefined {
  if (report === "") return undefined;
  try {
    const value: unknown = JSON.parse(report);
    if (Array.isArray(value)) return [String(value[0]), String(value[1])];
  } catch {
    // Cut off or overwritten by the program: it failed all the same.
  }
  return ["Exception", ""];
}
