import { execFileSync } from "node:child_process";
import pLimit from "p-limit";
import { describe, expect, it, vi } from "vitest";
import { EXAMPLES_FOLDER, readExamples, type ExampleCandidate } from "./example-files.ts";
import { runUntilFailure } from "./run-python.ts";

const examples = readExamples();
/** Far above the few seconds that a candidate takes: only a hanging process gets here, also on a busy machine. */
const HANG_MS = 600_000;
vi.setConfig({ testTimeout: HANG_MS });

const twoAtATime = pLimit(2);

/** How a candidate must end, by what its recorded fault says. */
function expectedOutcome({ passed, why = "" }: ExampleCandidate): string {
  if (passed) return "pass";
  return /\b\w+Error\b/.exec(why)?.[0] ?? (why.includes("time limit") ? "time_limit" : "wrong_answer");
}

describe.concurrent.each(examples)("examples/$name", ({ problem, candidates }) => {
  it.each(candidates)("candidate $sample_index on the hidden tests: passed is $passed", (candidate) =>
    twoAtATime(async () => {
      const outcome = await runUntilFailure(candidate.code, problem.entry_point, problem.tests);
      expect(outcome).toBe(expectedOutcome(candidate));
    }),
  );
});

/** Outcomes on the statement's examples of all candidates with that recorded verdict. */
function onStatementExamples(passed: boolean): Promise<string[]> {
  const chosen = examples.flatMap(({ problem, candidates }) =>
    candidates.filter((candidate) => candidate.passed === passed).map(({ code }) => ({ code, problem })),
  );
  return Promise.all(
    chosen.map(({ code, problem }) =>
      twoAtATime(() => runUntilFailure(code, problem.entry_point, problem.examples)),
    ),
  );
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
