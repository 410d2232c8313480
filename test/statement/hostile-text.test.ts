/** What a program answers and what a statement shows may be anything: no text may end the work or hold it up. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { FakeSandbox } from "../sandbox/fake-sandbox.ts";
import type { RunResult } from "../../src/sandbox/sandbox.ts";
import { stdoutVerdict } from "../../src/statement/run/example-verdict.ts";
import { exampleTestsOf } from "../../src/statement/examples/extract-examples.ts";
import { largeInputs } from "../../src/statement/inputs/large-inputs.ts";
import { runExamples } from "../../src/statement/run/run-examples.ts";
import { runProbes } from "../../src/statement/run/run-probes.ts";
import { entrySignature } from "../../src/statement/python/signature.ts";
import { stdinSamples } from "../../src/statement/examples/stdin-samples.ts";
import { problemOf } from "./problem-of.ts";

/** Ends what would otherwise go on for hours. */
function ended<T>(run: () => T): T {
  return runInNewContext("run()", { run }, { timeout: 30_000 });
}

const twice = problemOf("method", "Input: n = [1]\nOutput: [2]\n", {
  starterCode: "class Solution:\n    def twice(self, n: List[int]) -> List[int]:\n        ",
  entryPoint: "Solution().twice",
});

test("an answer nested deeper than the stack is a wrong one, and the other programs are still looked at", async () => {
  const deep = `=${"[".repeat(200_000)}${"]".repeat(200_000)}\n`;
  const answers = (report: string) => (): Partial<RunResult> => ({ report });
  const sandbox = new FakeSandbox(
    new Map([
      ["deep", answers(deep)],
      ["right", answers("=[2]\n")],
    ]),
  );
  const examples = exampleTestsOf(twice);
  expect(examples.length).toBe(1);
  expect(await runExamples("deep", twice, examples, { sandbox })).toEqual([false]);
  expect(await runExamples("right", twice, examples, { sandbox })).toEqual([true]);
  const probe = { type: "call" as const, args: [[1]] };
  expect(await runProbes("deep", twice, [probe], { sandbox })).toEqual([null]);
  expect(await runProbes("right", twice, [probe], { sandbox })).toEqual([expect.any(String)]);
});

test.each(["*numbers", "first, *, second", "first, /, second", "first, **more"])(
  "a function of (%s) has names that bounds can be looked for",
  (parameters) => {
    const problem = problemOf("function", "Add them.\n\n>>> add(1, 2)\n3\n", {
      starterCode: `def add(${parameters}):\n    pass\n`,
      entryPoint: "add",
    });
    const names = entrySignature(problem)?.parameters.map(({ name }) => name) ?? [];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/^\w+$/);
    const examples = exampleTestsOf(problem).map((each) => each.test);
    expect(examples.length).toBe(1);
    expect(() => largeInputs(problem, examples)).not.toThrow();
  },
);

test("ruled lines and tables of a statement are read at once", () => {
  const rule = `+${"-".repeat(200)}+`;
  const statement = [rule, "| a |", rule, "-----Sample Input-----", "1", "=== Sample Output ===", "2"];
  expect(ended(() => stdinSamples(statement.join("\n")))).toEqual([
    { type: "stdio", input: "1\n", output: "2\n" },
  ]);
});

test("a word of a million digits that is no number is compared at once", () => {
  const printed = `${"1".repeat(1_000_000)}x`;
  expect(ended(() => stdoutVerdict(printed, "0.5", { tolerance: 1e-6 }))).toBe("fail");
});
