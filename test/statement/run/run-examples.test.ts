/** Real programs in the real sandbox where bubblewrap works, else in the same workers without isolation. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bubblewrapCheck } from "../../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import { DEFAULT_LIMITS, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { exampleTestsOf } from "../../../src/statement/examples/extract-examples.ts";
import { runExamples } from "../../../src/statement/run/run-examples.ts";
import { runProbes } from "../../../src/statement/run/run-probes.ts";
import { problemOf } from "../problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

const limits = { ...DEFAULT_LIMITS, cpuMs: 500, wallMs: 5000 };
const run = (code: string, problem: ReturnType<typeof problemOf>): Promise<(boolean | null)[]> =>
  runExamples(code, problem, exampleTestsOf(problem), { sandbox, limits });

const square = problemOf(
  "stdin",
  "Print the square of n.\n\nSample Input 1\n\n3\n\nSample Output 1\n\n9\n\nSample Input 2\n\n-4\n\nSample Output 2\n\n16\n",
);

/** A program for `pairs` that returns an expression. */
const pairsProgram = (body: string): string =>
  `class Solution:\n    def pairs(self, nums: List[int]) -> List[List[int]]:\n        return ${body}\n`;

describe("runExamples", () => {
  test("stdin: right, right once, crashing, hanging", async () => {
    expect(await run("print(int(input()) ** 2)", square)).toEqual([true, true]);
    expect(await run("print(int(input()) * 3)", square)).toEqual([true, false]);
    expect(await run("print(9)\nraise SystemError", square)).toEqual([false, false]);
    expect(await run("while True: pass", square)).toEqual([false, false]);
  });

  test("a tolerance of the statement, and several right answers", async () => {
    const sample = "\n\nSample Input 1\n\n3\n\nSample Output 1\n\n0.3333333333\n";
    const third = problemOf("stdin", `Print 1/n with an absolute error of at most 10^{-6}.${sample}`);
    expect(await run("print('%.7f' % (1 / int(input())))", third)).toEqual([true]);
    expect(await run("print('%.3f' % (1 / int(input())))", third)).toEqual([false]);
    const any = problemOf("stdin", `If there are several, print any of them.${sample}`);
    expect(await run("print(0.5)", any)).toEqual([null]);
    expect(await run("raise ValueError", any)).toEqual([false]);
  });

  test("a method gets the imports of its judge, and hints reach returned values", async () => {
    const pairs = problemOf(
      "method",
      "Return them in any order.\n\nInput: nums = [1,2]\nOutput: [[1,2],[2,1]]\n",
      {
        starterCode: "class Solution:\n    def pairs(self, nums: List[int]) -> List[List[int]]:\n        ",
        entryPoint: "Solution().pairs",
      },
    );
    expect(await run(pairsProgram("[tuple(p) for p in permutations(nums)]"), pairs)).toEqual([true]);
    expect(await run(pairsProgram("[nums[::-1], nums]"), pairs)).toEqual([true]);
    expect(await run(pairsProgram("[nums, nums]"), pairs)).toEqual([false]);
  });

  test("a function gets the imports that its prompt shows, and no others", async () => {
    const prompt =
      'from typing import List\n\n\ndef first(x: List[int]) -> int:\n    """\n    >>> first([2, 1])\n    2\n    """\n';
    const first = problemOf("function", prompt, { entryPoint: "first" });
    expect(await run("def first(x: List[int]) -> int:\n    return x[0]", first)).toEqual([true]);
    expect(await run("def first(x):\n    return int(sqrt(x[0] ** 2))", first)).toEqual([false]);
  });

  test("a function's values that only Python has", async () => {
    const count = problemOf("function", "assert count((1, 1)) == {1: 2}\nassert count(()) == {}", {
      entryPoint: "count",
    });
    expect(await run("def count(x):\n    return {v: x.count(v) for v in set(x)}", count)).toEqual([
      true,
      true,
    ]);
    expect(await run("def count(x):\n    return {}", count)).toEqual([false, true]);
  });
});

describe("runProbes", () => {
  test("equal answers have equal hashes, crashes none", async () => {
    const probes = [
      { type: "stdio", input: "3\n" },
      { type: "stdio", input: "0\n" },
    ] as const;
    const answers = (code: string): Promise<(string | null)[]> =>
      runProbes(code, square, probes, { sandbox, limits });
    const [one, two, wrong, crash, hang] = [
      await answers("print(int(input()) ** 2)"),
      await answers("n = int(input())\nprint(float(n * n), end='  ')"),
      await answers("print(int(input()) * 3)"),
      await answers("print(9 // int(input()) * 3)"),
      await answers("while True: pass"),
    ];
    expect(one).toEqual(two);
    expect(one).not.toContain(null);
    expect(wrong).toEqual(one); // 3 and 0 cannot tell them apart
    expect(crash).toEqual([one?.[0], null]);
    expect(hang).toEqual([null, null]);
  });

  test("answers are equal by the rules of grading", async () => {
    const words = problemOf("stdin", "Print two words.");
    const answer = async (text: string): Promise<(string | null)[]> =>
      runProbes(`print(${JSON.stringify(text)})`, words, [{ type: "stdio", input: "" }], { sandbox, limits });
    expect(await answer("a  b")).not.toEqual(await answer("a b"));
    expect(await answer("1  2.0\n")).toEqual(await answer(" 1 2"));
    expect(await answer("1 x")).not.toEqual(await answer("1.0 x"));
  });

  test("a tuple answers for a list", async () => {
    const twice = problemOf("function", "", { entryPoint: "twice" });
    const probes = [{ type: "call", args: [[1, 2]] }] as const;
    const answers = (body: string): Promise<(string | null)[]> =>
      runProbes(`def twice(x):\n    return ${body}`, twice, probes, { sandbox, limits });
    expect(await answers("x + x")).toEqual(await answers("tuple(x + x)"));
    expect(await answers("x + x")).not.toEqual(await answers("x"));
  });
});
