import { readAnswers } from "../../grade/tests/call.ts";
import { numberOf, parseLiteral, tagged, type Literal } from "../../grade/compare/literal.ts";
import { examplePrelude } from "../../grade/prelude.ts";
import { planTest } from "../../grade/tests/test-plan.ts";
import type { PlannedTest } from "../../grade/tests/planned-test.ts";
import type { Problem } from "../../core/problem.ts";
import { DEFAULT_LIMITS, type Limits, type RunResult, type Sandbox } from "../../sandbox/sandbox.ts";
import type { ExampleTest } from "../examples/example-test.ts";
import { stdoutVerdict, valueVerdict, type ExampleVerdict } from "./example-verdict.ts";
import { nodeEntryPoint, nodePrelude } from "./node-objects.ts";
import { unlessTooDeep } from "../python/too-deep.ts";

export interface ExampleRunOptions {
  readonly sandbox: Sandbox;
  /** Default: DEFAULT_LIMITS. */
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program on the examples of its problem. true: passed; false: not; null: nothing is known, because the
 * statement allows other outputs than the one it shows, or the sandbox failed. After a time limit the rest counts as
 * failed without a run: a program that hangs on a small example hangs on others too.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function runExamples(
  code: string,
  problem: Problem,
  examples: readonly ExampleTest[],
  options: ExampleRunOptions,
): Promise<(boolean | null)[]> {
  const results: (boolean | null)[] = [];
  let hangs = false;
  const prelude = examplePrelude(problem) + nodePrelude(problem);
  const called = { ...problem, entryPoint: nodeEntryPoint(problem, code) };
  for (const example of examples) {
    const verdict: ExampleVerdict | "time" = hangs
      ? "time"
      : await runExample(code, example, planTest(example.test, called, prelude), options);
    hangs = verdict === "time";
    results.push(verdict === "unknown" ? null : verdict === "pass");
  }
  return results;
}

async function runExample(
  code: string,
  example: ExampleTest,
  planned: PlannedTest,
  options: ExampleRunOptions,
): Promise<ExampleVerdict | "time"> {
  const job = planned.job(code, options.limits ?? DEFAULT_LIMITS);
  const result = await options.sandbox.run(
    job,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  const { verdict, cannotCarry } = planned.judge(result, job);
  switch (verdict) {
    case "pass":
      return "pass";
    case "time_limit":
      return "time";
    case "wrong_answer":
      return withHints(example, result);
    case "infra_error":
      if (cannotCarry !== true || planned.otherwise === undefined) return "unknown";
      return runExample(code, example, planned.otherwise, options);
    case "runtime_error":
    case "memory_limit":
    case "output_limit":
    case "tampered":
    case "no_code":
      return "fail";
  }
}

function withHints({ test, ...hints }: ExampleTest, result: RunResult): ExampleVerdict {
  if (test.type === "stdio") return stdoutVerdict(result.stdout, test.output, hints);
  if (test.type !== "call") return "fail";
  const answer = readAnswers(result.report).at(0);
  if (answer?.kind !== "value") return "fail";
  const { expected } = test;
  return unlessTooDeep(() => valueVerdict(plainValue(parseLiteral(answer.text)), expected, hints)) ?? "fail";
}

/** A returned value as JSON with tuples as lists; what JSON lacks stays in its tagged form and equals nothing. */
function plainValue(literal: Literal): unknown {
  if (literal === null || typeof literal === "boolean" || typeof literal === "string") return literal;
  const number = numberOf(literal);
  if (number !== undefined) return Number(number);
  if (isList(literal)) return literal.map(plainValue);
  const [tag, body] = tagged(literal);
  if (tag === "t" && isList(body)) return body.map(plainValue);
  if (tag !== "d" || !isList(body)) return literal;
  const entries = body.map((pair) => (isList(pair) ? pair : []));
  return Object.fromEntries(entries.map(([key, value = null]) => [keyText(key ?? null), plainValue(value)]));
}

function keyText(key: Literal): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

function isList(literal: Literal): literal is readonly Literal[] {
  return Array.isArray(literal);
}
