import { z } from "zod";
import type { PlannedTest } from "./planned-test.ts";
import { unittestTest } from "./unittest.ts";
import { failure, judgeBroken, judgeEnd, judgeException, shorten, type Judgement } from "../verdict.ts";

const errorSchema = z.tuple([z.string(), z.string()]);
const reportSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("pass") }),
  z.object({ outcome: z.enum(["broken-test", "not-plain", "load-failed"]), error: errorSchema }),
  z.object({
    outcome: z.enum(["wrong", "raised", "ended"]),
    error: errorSchema,
    line: z.string().exactOptional(),
    call: z.string().exactOptional(),
    answer: z.string().exactOptional(),
  }),
]);

/**
 * `check(candidate)`, run in a process that the program cannot reach. Tests whose arguments are no plain data (callables, say)
 * run in the program's interpreter instead.
 */
export function checkTest(source: string, entryPoint: string, prelude: string): PlannedTest {
  return {
    count: 1,
    job: (code, limits) => ({ kind: "check", code, prelude, entryPoint, test: source, limits }),
    judge(result): Judgement {
      const ended = judgeEnd(result);
      if (ended !== undefined) return ended;
      const report = readReport(result.report);
      if (report === undefined) {
        return failure("runtime_error", { message: "the test's process was ended from outside" });
      }
      if (report.outcome === "pass") return { verdict: "pass" };
      const [type, message] = report.error;
      switch (report.outcome) {
        case "broken-test":
          return judgeBroken(type, message);
        case "not-plain":
          return {
            ...failure("infra_error", { message: "the arguments are no plain data" }),
            cannotCarry: true,
          };
        case "load-failed":
          return judgeException(type, message);
        case "wrong":
          return failure("wrong_answer", shown(report));
        case "raised":
        case "ended":
          return judgeException(type, message, shown(report));
      }
    },
    otherwise: unittestTest({ source: asUnittest(source, entryPoint), prelude }),
  };
}

function readReport(text: string): z.infer<typeof reportSchema> | undefined {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function shown(report: { readonly line?: string; readonly call?: string; readonly answer?: string }) {
  return {
    ...(report.call === undefined ? {} : { input: shorten(report.call) }),
    ...(report.line === undefined ? {} : { expected: shorten(report.line) }),
    ...(report.answer === undefined ? {} : { actual: shorten(report.answer) }),
  };
}

/** The same check as a unittest class, for the program's own interpreter. */
function asUnittest(source: string, entryPoint: string): string {
  return `${source}

import unittest as _unittest
_entry = ${entryPoint}
class CheckTests(_unittest.TestCase):
    def test_check(self):
        check(_entry)
`;
}
