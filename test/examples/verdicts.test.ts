import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { EXAMPLES_FOLDER, readExamples, type ExampleCandidate } from "./example-files.ts";
import { ExamplePython } from "./run-python.ts";

const examples = readExamples();
const python = new ExamplePython();
afterAll(() => python.close());

/** How a candidate must end, by what its recorded fault says. */
function expectedOutcome({ passed, why = "" }: ExampleCandidate): string {
  if (passed) return "pass";
  return /\b\w+Error\b/.exec(why)?.[0] ?? (why.includes("time limit") ? "time_limit" : "wrong_answer");
}

describe.each(examples)("examples/$name", ({ problem, candidates }) => {
  it.each(candidates)("candidate $sample_index on the hidden tests: passed is $passed", async (candidate) => {
    const outcome = await python.runUntilFailure(candidate.code, problem.entry_point, problem.tests);
    expect(outcome).toBe(expectedOutcome(candidate));
  });
});

/** Outcomes on the statement's examples of all candidates with that recorded verdict. */
async function onStatementExamples(passed: boolean): Promise<string[]> {
  const outcomes: string[] = [];
  for (const { problem, candidates } of examples) {
    for (const candidate of candidates.filter((each) => each.passed === passed)) {
      outcomes.push(await python.runUntilFailure(candidate.code, problem.entry_point, problem.examples));
    }
  }
  return outcomes;
}

it("all passing candidates pass the examples of the statements", async () => {
  expect(new Set(await onStatementExamples(true))).toEqual(new Set(["pass"]));
});

it("most wrong candidates pass them too, so that these examples alone do not decide", async () => {
  const outcomes = await onStatementExamples(false);
  expect(outcomes.filter((outcome) => outcome === "pass").length).toBeGreaterThan(outcomes.length * 0.8);
});

it("the hidden tests are those that examples/generate_tests.py makes", () => {
  expect(() =>
    execFileSync("python3", ["-B", `${EXAMPLES_FOLDER}generate_tests.py`, "--check"]),
  ).not.toThrow();
});
