import { examplePrelude } from "../../grade/prelude.ts";
import { readAnswers } from "../../grade/tests/call.ts";
import { parseLiteral } from "../../grade/compare/literal.ts";
import { showLiteral } from "../../grade/shortened-text.ts";
import { readException } from "../../grade/tests/stdio.ts";
import { planTest } from "../../grade/tests/test-plan.ts";
import type { Problem } from "../../core/problem.ts";
import type { RunResult } from "../../sandbox/sandbox.ts";
import { unlessTooDeep } from "../python/too-deep.ts";
import { nodeEntryPoint, nodePrelude } from "./node-objects.ts";
import type { ExampleRunOptions } from "./run-examples.ts";
import { EXAMPLE_LIMITS, examplesToRun } from "./execution-evidence.ts";

/** An example of the statement that a program fails; texts are shortened. */
export interface FailingExample {
  /** From 0, among the statement's examples. */
  readonly index: number;
  readonly input: string;
  readonly expected: string;
  /** What it printed or returned; absent where it came to no answer. */
  readonly actual?: string;
  /** What was raised, or which limit ended it. */
  readonly message?: string;
}

const SHOWN_CHARS = 2000;

/**
 * The first example that a program failed, by its `results`, and what it does there. undefined when it failed none that
 * can be shown.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function failingExample(
  problem: Problem,
  code: string,
  results: readonly (boolean | null)[],
  { sandbox, signal }: Pick<ExampleRunOptions, "sandbox" | "signal">,
): Promise<FailingExample | undefined> {
  const index = results.indexOf(false);
  const test = examplesToRun(problem)[index]?.test;
  if (test === undefined || (test.type !== "stdio" && test.type !== "call")) return undefined;
  const called = { ...problem, entryPoint: nodeEntryPoint(problem, code) };
  const planned = planTest(test, called, examplePrelude(problem) + nodePrelude(problem));
  const job = planned.job(code, EXAMPLE_LIMITS);
  const result = await sandbox.run(job, signal === undefined ? {} : { signal });
  const message = whatEnded(result);
  if (test.type === "stdio") {
    return {
      index,
      input: cut(test.input),
      expected: cut(test.output),
      // Where a limit ended it, how far it got is chance, and equal runs are to ask equally.
      ...(result.status === "exited" && { actual: cut(result.stdout) }),
      ...(message !== undefined && { message }),
    };
  }
  const answer = readAnswers(result.report).at(0);
  const raised = answer === undefined || answer.kind === "value" ? message : exceptionText(answer.text);
  return {
    index,
    input: cut(`${called.entryPoint}(${test.args.map((value) => JSON.stringify(value)).join(", ")})`),
    expected: cut(JSON.stringify(test.expected)),
    ...(answer?.kind === "value" && {
      actual: unlessTooDeep(() => showLiteral(parseLiteral(answer.text))) ?? "…",
    }),
    ...(raised !== undefined && { message: raised }),
  };
}

function whatEnded({ status, report }: RunResult): string | undefined {
  if (status.startsWith("timeout")) return `it did not end within ${EXAMPLE_LIMITS.cpuMs / 1000} s`;
  if (status === "memory") return "it used more memory than allowed";
  if (status !== "exited") return `it was ended: ${status}`;
  return exceptionText(report);
}

function exceptionText(report: string): string | undefined {
  const exception = readException(report);
  return exception === undefined ? undefined : cut(exception.filter((part) => part !== "").join(": "));
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARS
    ? text
    : `${text.slice(0, SHOWN_CHARS / 2)}\n…\n${text.slice(-SHOWN_CHARS / 2)}`;
}
