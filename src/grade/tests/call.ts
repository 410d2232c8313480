import type { RunResult } from "../../sandbox/sandbox.ts";
import { equal, parseLiteral, type Literal } from "../compare/literal.ts";
import type { PlannedTest } from "./planned-test.ts";
import type { FailedTest } from "../failed-test.ts";
import { showLiteral } from "../shortened-text.ts";
import { readException } from "./stdio.ts";
import { failure, judgeBroken, judgeEnd, judgeException, shorten, type Judgement } from "../verdict.ts";

export interface CallTest {
  readonly entryPoint: string;
  readonly prelude: string;
  /** JSON text of the argument list. */
  readonly argsJson: string;
  readonly expected: Literal;
}

/** One call of the entry point in a process of its own; a tuple answers for the list of its elements. */
export function callTest({ entryPoint, prelude, argsJson, expected }: CallTest): PlannedTest {
  return {
    count: 1,
    job: (code, limits) => ({
      kind: "calls",
      code,
      prelude,
      entryPoint: entryPointIn(code, entryPoint),
      argumentsJson: `[${argsJson}]`,
      limits,
    }),
    judge(result): Judgement {
      const shown = { input: shorten(argsJson), expected: showLiteral(expected) };
      const ended = judgeEnd(result);
      if (ended !== undefined) return { ...ended, failed: { index: 0, ...ended.failed, ...shown } };
      const answer = readAnswers(result.report).at(0);
      if (answer === undefined)
        return failure("runtime_error", { ...shown, message: "ended without an answer" });
      if (answer.kind !== "value") return judgeFault(answer, shown, result);
      const actual = parseLiteral(answer.text);
      if (equal(actual, expected, { tuplesAsLists: true })) return { verdict: "pass" };
      return failure("wrong_answer", { ...shown, actual: showLiteral(actual) });
    },
  };
}

/** As LiveCodeBench does: the method of `Solution`, or the bare function in a text without `class Solution`. */
export function entryPointIn(code: string, entryPoint: string): string {
  const method = /^Solution\(\)\.(\w+)$/.exec(entryPoint)?.[1];
  return method === undefined || code.includes("class Solution") ? entryPoint : method;
}

/** One line of the report of a `calls` job: a value, or an exception of the call, of loading the program, or of the prelude. */
export type Answer =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "raised" | "load" | "broken"; readonly text: string };

const KINDS: Readonly<Record<string, Answer["kind"]>> = {
  "=": "value",
  "!": "raised",
  "#": "load",
  "?": "broken",
};

/** The whole lines of a report, in order. */
export function readAnswers(report: string): Answer[] {
  return report.split("\n").slice(0, -1).map(readAnswer);
}

/** One line of a report. */
export function readAnswer(line: string): Answer {
  return { kind: KINDS[line.charAt(0)] ?? "raised", text: line.slice(1) };
}

/** The judgement of an answer that is no value. Tests that cannot run are believed only from before the program began. */
export function judgeFault(
  answer: Answer,
  shown: Partial<FailedTest>,
  { begun }: Pick<RunResult, "begun"> = {},
): Judgement {
  const [type, message] = readException(answer.text) ?? ["Exception", ""];
  if (answer.kind !== "broken" || begun === true) return judgeException(type, message, shown);
  return judgeBroken(type, message, shown);
}
