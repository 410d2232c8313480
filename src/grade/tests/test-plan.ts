import type { Problem, TestCase } from "../../core/problem.ts";
import { decodeTests } from "../../formats/hidden-tests.ts";
import type { Limits, Sandbox } from "../../sandbox/sandbox.ts";
import { gradingPrelude } from "../prelude.ts";
import { callTest } from "./call.ts";
import { checkTest } from "./check.ts";
import { evalplusTests } from "./evalplus.ts";
import type { Plan, PlannedTest } from "./planned-test.ts";
import { parsePythonJson } from "./python-json.ts";
import type { ReferenceCache } from "./reference-cache.ts";
import { stdioTest } from "./stdio.ts";
import { unittestTest, unittestTogether, type UnittestTest } from "./unittest.ts";

export interface PlanTools {
  readonly sandbox: Sandbox;
  readonly cache: ReferenceCache;
  readonly limits: Limits;
}

/**
 * Decodes a problem's tests and turns each into a run. LiveCodeBench grades the tests of the statement too, before the hidden ones,
 * and where there are no hidden ones those of the statement are the tests.
 * Throws what decodeTests throws, SyntaxError for expected values that are no JSON, and FunprmError("grading") for a reference that
 * fails; a problem without tests gives an empty plan.
 */
export async function planTests(problem: Problem, tools: PlanTools): Promise<Plan> {
  const decoded = await decodeTests(problem);
  const { hiddenTests, id, entryPoint = "" } = problem;
  if (decoded.inputs !== undefined) {
    const { base, plus } = decoded.inputs;
    const tests = await evalplusTests({ ...decoded.inputs, problemId: id, entryPoint }, tools);
    return { tests, weight: 3 * textLength([...base, ...plus]) };
  }
  const examplesCount = hiddenTests?.form === "livecodebench" || decoded.hidden.length === 0;
  const cases = [...(examplesCount ? decoded.examples : []), ...decoded.hidden];
  const prelude = gradingPrelude(problem);
  const tests = cases.map((test) => planTest(test, problem, prelude));
  const classes = cases.flatMap((test) => (test.type === "unittest" ? [unittestOf(test, prelude)] : []));
  const together = classes.length === cases.length ? unittestTogether(classes) : undefined;
  return { tests, ...(together === undefined ? {} : { together }), weight: textLength(cases.map(sizeText)) };
}

/** One test as a run. `prelude` is what the suite puts before the program. */
export function planTest(test: TestCase, problem: Problem, prelude: string): PlannedTest {
  switch (test.type) {
    case "stdio":
      return stdioTest(test.input, test.output, prelude);
    case "call": {
      const expectedJson = test.expectedJson ?? JSON.stringify(test.expected);
      return callTest({
        entryPoint: problem.entryPoint ?? "",
        prelude,
        argsJson: test.argsJson ?? JSON.stringify(test.args),
        expected: parsePythonJson(expectedJson),
      });
    }
    case "check":
      // HumanEval's tests use functions that only its prompts define.
      return checkTest(test.source, test.entryPoint, prelude === "" ? problem.starterCode : prelude);
    case "unittest":
      return unittestTest(unittestOf(test, prelude));
  }
}

function unittestOf(test: Extract<TestCase, { type: "unittest" }>, prelude: string): UnittestTest {
  const { source, testClasses } = test;
  const part = test.method ?? testClasses?.join(" ");
  return {
    source,
    prelude,
    ...(testClasses === undefined ? {} : { testClasses }),
    ...(part === undefined ? {} : { part }),
  };
}

function sizeText(test: TestCase): string {
  switch (test.type) {
    case "stdio":
      return test.input + test.output;
    case "call":
      return test.argsJson ?? JSON.stringify(test.args);
    case "check":
    case "unittest":
      return test.source;
  }
}

function textLength(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
