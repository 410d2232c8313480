import { expect, test } from "vitest";
import type { TestCase } from "../../src/core/problem.ts";
import { largeInputs } from "../../src/statement/large-inputs.ts";
import { problemOf } from "./problem-of.ts";

const stdin = (statement: string, ...inputs: string[]): string[] =>
  largeInputs(
    problemOf("stdin", statement),
    inputs.map((input): TestCase => ({ type: "stdio", input, output: "" })),
  ).map((probe) => (probe.type === "stdio" ? probe.input : ""));

const call = (
  signature: string,
  constraints: string,
  ...examples: unknown[][]
): readonly unknown[] | undefined => {
  const problem = problemOf("method", constraints, {
    starterCode: `class Solution:\n    def f(self, ${signature}) -> int:\n        `,
  });
  const tests = examples.map((args): TestCase => ({ type: "call", args, expected: 0 }));
  return largeInputs(problem, tests).map((probe) => (probe.type === "call" ? probe.args : []))[0];
};
const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);

test("n and a row of n numbers grow to the bound, with the numbers of the examples", () => {
  const [input = ""] = stdin("1 \\leq N \\leq 2\\times 10^5", "3 9\n5 7 5\n", "4 1\n8 5 5 8\n");
  const [head = "", row = ""] = input.split("\n");
  expect(head).toBe("20000 9");
  expect(row.split(" ")).toHaveLength(20_000);
  expect(new Set(row.split(" "))).toEqual(new Set(["5", "7", "8"]));
  expect(stdin("1 <= N <= 50", "3\n5 7 5\n")[0]).toMatch(/^50\n/);
});

test("a permutation grows to a permutation", () => {
  const [input = ""] = stdin("1 <= N <= 100", "3\n2 1 3\n", "4\n4 2 1 3\n");
  const row = input.trim().split("\n")[1]?.split(" ").map(Number) ?? [];
  expect(row.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(row).not.toEqual(row.toSorted((a, b) => a - b));
});

test("one word", () => {
  const statement =
    "The length of S, and so on.\n- S is a string of length between 1 and 2 \\times 10^5, inclusive.";
  const [input = ""] = stdin(statement, "ABCA\n", "BBB\n");
  expect(input).toMatch(/^[ABC]{20000}\n$/);
});

test("the one list or word among the arguments, sorted lists sorted", () => {
  const args = call("nums: List[int], k: int", "1 <= nums.length <= 10^3", [[1, 1, 4], 2], [[2, 3], 1]);
  const nums = numbers(args?.[0]);
  expect(nums).toHaveLength(1000);
  expect(nums).toEqual(nums.toSorted((a, b) => a - b));
  expect(args?.[1]).toBe(2);
  expect(call("s: str", "1 <= s.length <= 30", ["abab"])?.[0]).toMatch(/^[ab]{30}$/);
});

test.each([
  ["no bound", () => stdin("", "3\n5 7 5\n")],
  ["a count that is none", () => stdin("1 <= N <= 100", "3\n5 7\n")],
  ["more rows", () => stdin("1 <= N <= 100", "2\n5 5\n1 1\n")],
  ["distinct numbers, of which there are not enough", () => stdin("1 <= N <= 100", "3\n5 9 7\n")],
  ["no examples", () => stdin("1 <= N <= 100")],
])("none from %s", (_, made) => {
  expect(made()).toEqual([]);
});

test("none from two lists, nested lists, or a list without a bound", () => {
  const bound = "1 <= a.length, b.length <= 100";
  expect(
    call("a: List[int], b: List[int]", bound, [
      [1, 1],
      [2, 2],
    ]),
  ).toBeUndefined();
  expect(call("a: List[List[int]]", bound, [[[1], [1]]])).toBeUndefined();
  expect(call("a: List[int]", "", [[1, 1]])).toBeUndefined();
});
