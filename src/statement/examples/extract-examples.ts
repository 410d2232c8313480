import type { Problem, TestCase } from "../../core/problem.ts";
import { asserts } from "./asserts.ts";
import { comparisonHints } from "./comparison-hints.ts";
import { doctests } from "./doctests.ts";
import type { ExampleTest } from "./example-test.ts";
import { inlineCalls } from "./inline-calls.ts";
import { labelledCalls } from "./labelled-calls.ts";
import { listSamples } from "./list-samples.ts";
import { bareName, entrySignature } from "../python/signature.ts";
import { stdinSamples } from "./stdin-samples.ts";

/** Problems in which the judge talks with the program: a sample shows a conversation, no input and output. */
const INTERACTIVE =
  /\binteractive (?:problem|task)\b|\bflush\b[^.]{0,40}\b(?:output|stdout|buffer)|\bthe judge will\b/i;

/**
 * The example tests of a problem: those it came with, else those that its statement shows. Every one carries what
 * the statement says about other right outputs. None when the statement shows none that can be read for certain.
 */
export function exampleTestsOf(problem: Problem): ExampleTest[] {
  const tests = problem.exampleTests.length > 0 ? problem.exampleTests : extractExampleTests(problem);
  const hints = comparisonHints(problem.statement);
  return tests.map((test) => ({ test, ...hints }));
}

/**
 * The example tests that the statement itself shows, without duplicates, in its order. Pure text; nothing is run.
 * @internal for tests
 */
export function extractExampleTests(problem: Problem): TestCase[] {
  return withoutDuplicates(problem.kind === "stdin" ? stdinTests(problem.statement) : callTests(problem));
}

function stdinTests(statement: string): TestCase[] {
  if (INTERACTIVE.test(statement)) return [];
  const samples = stdinSamples(statement);
  return samples.length > 0 ? samples : listSamples(statement);
}

/** The first form that gives anything: forms overlap (`>>> f(1)` above `f(1) == 2`), and a mix would be guesswork. */
function callTests(problem: Problem): TestCase[] {
  const name =
    problem.entryPoint === undefined ? entrySignature(problem)?.name : bareName(problem.entryPoint);
  if (name === undefined) return [];
  const labelled = labelledCalls(problem);
  // A method's tests need an instance, which only calls as data get from the grader.
  if (labelled.length > 0 || problem.kind === "method") return labelled;
  for (const read of [doctests, asserts, inlineCalls]) {
    const tests = read(problem.statement, name);
    if (tests.length > 0) return tests;
  }
  return [];
}

function withoutDuplicates(tests: readonly TestCase[]): TestCase[] {
  return [...new Map(tests.map((test) => [JSON.stringify(test), test])).values()];
}
