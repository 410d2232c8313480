import { expect, test } from "vitest";
import type { TestCase } from "../../../src/core/problem.ts";
import { evaluate } from "../../../src/statement/inputs/bound-expression.ts";
import { largeInputs } from "../../../src/statement/inputs/large-inputs.ts";
import { SizeBounds } from "../../../src/statement/inputs/size-bounds.ts";
import { problemOf } from "../problem-of.ts";

const stdin = (statement: string, ...inputs: string[]): string[][] =>
  largeInputs(
    problemOf("stdin", statement),
    inputs.map((input): TestCase => ({ type: "stdio", input, output: "" })),
  ).map((probe) => (probe.type === "stdio" ? probe.input.trimEnd().split("\n") : []));

const call = (signature: string, constraints: string, ...examples: unknown[][]): (readonly unknown[])[] => {
  const problem = problemOf("method", constraints, {
    starterCode: `class Solution:\n    def f(self, ${signature}) -> int:\n        `,
  });
  const tests = examples.map((args): TestCase => ({ type: "call", args, expected: 0 }));
  return largeInputs(problem, tests).map((probe) => (probe.type === "call" ? probe.args : []));
};
const template = (form: string, constraints: string): string =>
  `The input is given from Standard Input in the following format:\n${form}\n\nOutput\n\nx\n\nConstraints\n\n${constraints}\n`;
const numbers = (text: string | undefined): number[] => (text ?? "").split(" ").map(Number);

test("n and a row of n numbers grow to the bounds, random, ascending and all at the top", () => {
  const statement = template(
    "N\nA_1 \\ldots A_N",
    "- 1 \\leq N \\leq 100\n- 1 \\leq A_i \\leq 2 \\times 10^5",
  );
  const made = stdin(statement, "3\n5 7 5\n", "4\n8 5 5 8\n");
  expect(made.map(([head]) => head)).toEqual(["100", "100", "100"]);
  const [random = [], ascending = [], top = []] = made.map(([, row]) => numbers(row));
  expect(random).toHaveLength(100);
  expect(Math.max(...random)).toBeGreaterThan(100_000);
  expect(Math.max(...random)).toBeLessThanOrEqual(200_000);
  expect(ascending).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(new Set(top)).toEqual(new Set([200_000]));
});

test("lists stop at 100,000 values however large the bound is", () => {
  const [[head] = []] = stdin(
    template("N\nA_1 \\ldots A_N", "1 \\leq N \\leq 10^9\n1 \\leq A_i \\leq 3"),
    "2\n1 1\n",
  );
  expect(head).toBe("100000");
});

test("a tree stays a tree, as a path too, and pairs stay in order", () => {
  const statement = template(
    "N\nu_1 v_1\n\\vdots\nu_{N-1} v_{N-1}",
    "2 \\leq N \\leq 50\n1 \\leq u_i < v_i \\leq N\nThe given graph is a tree.",
  );
  const made = stdin(statement, "3\n1 2\n1 3\n");
  expect(made.length).toBeGreaterThan(0);
  for (const [head, ...edges] of made) {
    expect([head, edges.length]).toEqual(["50", 49]);
    const pairs = edges.map(numbers);
    expect(pairs.every(([u = 0, v = 0]) => u < v)).toBe(true);
    expect(new Set(pairs.map(([, v]) => v)).size).toBe(49);
  }
});

test("a layout told in sentences", () => {
  const statement =
    "Input\n\nThe first line holds n and q (1 <= n <= 60, 1 <= q <= 40). The second line holds h_1 .. h_n (0 <= h_i <= 9). Each of the last q lines holds `a b` (1 <= a, b <= n).\n\nOutput\n\nx\n";
  const [made = []] = stdin(statement, "4 2\n0 2 1 9\n1 3\n3 2\n", "3 1\n1 1 1\n1 2\n");
  expect(made[0]).toBe("60 40");
  expect(numbers(made[1])).toHaveLength(60);
  expect(made).toHaveLength(42);
});

test("lists and numbers among the arguments, equal lengths kept", () => {
  const made = call(
    "a: List[int], b: List[int], k: int",
    "1 <= a.length == b.length <= 500\n0 <= a[i] <= 9\n0 <= b[i] <= 9\n1 <= k <= a.length",
    [[1, 1], [2, 2], 1],
  );
  expect(made).toHaveLength(3);
  for (const [a, b, k] of made) {
    expect(a).toHaveLength(500);
    expect(b).toHaveLength(500);
    expect(Number(k)).toBeLessThanOrEqual(500);
  }
});

test.each([
  [
    "no bound",
    () => stdin(template("N\nA_1 \\ldots A_N", ""), "3\n5 7 5\n").filter(([head]) => head !== "3"),
  ],
  ["a form that the examples do not have", () => stdin(template("N", "1 \\leq N \\leq 9"), "3\n5 7\n")],
  ["no examples", () => stdin(template("N", "1 \\leq N \\leq 9"))],
  ["a word with a sign that must stay single", () => call("p: str", "1 <= p.length <= 50", ["a*b"], ["*"])],
  ["a list without a bound", () => call("a: List[int]", "", [[1, 1]])],
])("none from %s", (_, made) => {
  expect(made()).toEqual([]);
});

test.each([
  ["10N - 9", 111],
  ["N(N-1)/2", 66],
  ["min(N, 2*10^5)", 12],
  ["N + ", undefined],
  ["M", undefined],
])("%s", (text, value) => {
  expect(evaluate(text, new Map([["N", 12]]))).toBe(value);
});

test("bounds depend on other names, and sums of names are kept", () => {
  const bounds = new SizeBounds("- 1 \\leq K \\lt N \\leq 10^{3} (1 \\leq i \\leq N)\n- N + K \\leq 12");
  expect(bounds.of("K", new Map([["N", 7]]))).toEqual({ low: 1, high: 6 });
  expect(bounds.of("N", new Map())).toMatchObject({ high: 1000 });
  expect(
    bounds.holds(
      new Map([
        ["N", 9],
        ["K", 4],
      ]),
    ),
  ).toBe(false);
});
