import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TestCase } from "../../../src/core/problem.ts";
import { constraintBounds } from "../../../src/statement/inputs/constraints.ts";
import { probeInputs } from "../../../src/statement/inputs/probe-inputs.ts";
import { problemOf } from "../problem-of.ts";

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

/** Mutated argument lists of several seeds, the examples' own left out. */
function calls(signature: string, constraints: string, ...examples: unknown[][]): unknown[][] {
  const problem = problemOf("method", constraints, {
    starterCode: `class Solution:\n    def f(self, ${signature}) -> int:\n        `,
  });
  const tests = examples.map((args): TestCase => ({ type: "call", args, expected: 0 }));
  const own = new Set(examples.map((args) => JSON.stringify(args)));
  return SEEDS.flatMap((seed) => probeInputs(problem, tests, { seed }))
    .map((probe) => (probe.type === "call" ? [...probe.args] : []))
    .filter((args) => !own.has(JSON.stringify(args)));
}

function inputs(...examples: string[]): string[][][] {
  const tests = examples.map((input): TestCase => ({ type: "stdio", input, output: "" }));
  return SEEDS.flatMap((seed) => probeInputs(problemOf("stdin", ""), tests, { seed }))
    .map((probe) => (probe.type === "stdio" ? probe.input : ""))
    .filter((input) => !examples.includes(input))
    .map((input) =>
      input
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")),
    );
}

const lists = (args: readonly unknown[], at: number): unknown[] => {
  const value = args[at];
  return Array.isArray(value) ? value : [];
};

describe("calls", () => {
  test("the statement's bounds hold, and both ends are tried", () => {
    const mutated = calls(
      "k: int, nums: List[int]",
      "2 <= k <= 5\n1 <= nums.length <= 3\n-1 <= nums[i] < 2",
      [4, [0, 1, 0]],
    );
    const ks = mutated.map(([k]) => Number(k));
    expect(Math.min(...ks)).toBe(2);
    expect(Math.max(...ks)).toBeLessThanOrEqual(5);
    const values = mutated.flatMap((args) => lists(args, 1)).map(Number);
    expect(Math.min(...values)).toBe(-1);
    expect(Math.max(...values)).toBe(1);
    for (const args of mutated) expect([1, 2, 3]).toContain(lists(args, 1).length);
  });

  test("what holds in all examples holds in every mutation", () => {
    const mutated = calls(
      "n: int, sorted: List[int], perm: List[int], pairs: List[List[int]], same: List[str]",
      "",
      [
        4,
        [1, 3, 3, 9],
        [2, 0, 1, 3],
        [
          [0, 1],
          [2, 3],
        ],
        ["ab", "cd"],
      ],
      [3, [2, 5, 6], [0, 2, 1], [[1, 2]], ["xyz", "uvw"]],
    );
    expect(mutated.length).toBeGreaterThan(50);
    for (const args of mutated) {
      const [n] = args;
      const ascending = lists(args, 1).map(Number);
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
      expect(ascending.length).toBe(n);
      expect(
        lists(args, 2)
          .map(Number)
          .toSorted((a, b) => a - b),
      ).toEqual(lists(args, 2).map((_, index) => index));
      for (const pair of lists(args, 3)) expect(pair).toHaveLength(2);
      expect(new Set(lists(args, 4).map((word) => String(word).length)).size).toBe(1);
    }
  });

  test("parallel lists change length together", () => {
    const mutated = calls(
      "a: List[int], b: List[int]",
      "",
      [
        [5, 5, 1],
        [7, 7, 2],
      ],
      [
        [4, 4],
        [6, 6],
      ],
    );
    const lengths = new Set(mutated.map((args) => lists(args, 0).length));
    expect(lengths.size).toBeGreaterThan(2);
    for (const args of mutated) expect(lists(args, 0).length).toBe(lists(args, 1).length);
  });

  test("words keep to the letters that were seen when they are few", () => {
    const words = calls("s: str", "1 <= s.length <= 6", ["abba"], ["ab"]).map(([word]) => String(word));
    expect(words.length).toBeGreaterThan(10);
    for (const word of words) expect(word).toMatch(/^[ab]{1,6}$/);
  });
});

describe("stdin", () => {
  test("counts stay true: numbers of a row, rows below", () => {
    const rows = inputs("4 9\n5 2 8 2\n", "3 1\n1 7 1\n");
    expect(rows.length).toBeGreaterThan(20);
    for (const [head, row] of rows) expect(row?.length).toBe(Number(head?.[0]));
    const blocks = inputs("3\n1 5\n2 4\n2 4\n");
    expect(new Set(blocks.map(([head]) => head?.[0])).size).toBeGreaterThan(1);
    for (const [head, ...rest] of blocks) expect(rest.length).toBe(Number(head?.[0]));
  });

  test("values stay inside the range that their row has, letters inside their kind", () => {
    for (const [, row = []] of inputs("5\n10 20 30 20 10\n")) {
      for (const value of row.map(Number)) {
        expect(value).toBeGreaterThanOrEqual(10);
        expect(value).toBeLessThanOrEqual(30);
      }
    }
    for (const [[word] = []] of inputs("TOYOTA\n")) expect(word).toMatch(/^[A-Z]{6}$/);
  });

  test("a grid keeps its width and its only start", () => {
    const grids = inputs("3 4\nS.#.\n..##\n#..G\n");
    expect(grids.length).toBeGreaterThan(5);
    for (const [, ...grid] of grids) {
      expect(grid.map(([line]) => line?.length)).toEqual([4, 4, 4]);
      expect(grid.flat().join("").replaceAll(/[.#]/g, "")).toBe("SG");
    }
  });

  test("permutations stay permutations, trees are left alone", () => {
    for (const [, row = []] of inputs("5\n3 1 5 2 4\n")) {
      expect(row.map(Number).toSorted((a, b) => a - b)).toEqual(row.map((_, index) => index + 1));
    }
    expect(inputs("4\n1 2\n2 3\n2 4\n")).toEqual([]);
  });
});

describe("probeInputs", () => {
  test("the examples' inputs come first, all differ, the seed decides", () => {
    const tests: TestCase[] = [
      { type: "stdio", input: "3\n1 2 2\n", output: "5\n" },
      { type: "stdio", input: "3\n1 2 2\n", output: "5\n" },
    ];
    const problem = problemOf("stdin", "");
    const probes = probeInputs(problem, tests, { seed: 4, count: 6 });
    expect(probes[0]).toEqual({ type: "stdio", input: "3\n1 2 2\n" });
    expect(new Set(probes.map((probe) => JSON.stringify(probe))).size).toBe(probes.length);
    expect(probes.length).toBeLessThanOrEqual(7);
    expect(probeInputs(problem, tests, { seed: 4, count: 6 })).toEqual(probes);
    expect(probeInputs(problem, tests, { seed: 5, count: 6 })).not.toEqual(probes);
  });

  test("no inputs from tests that are source, none from none", () => {
    const check: TestCase = { type: "check", source: "def check(c): pass", entryPoint: "f" };
    expect(probeInputs(problemOf("function", ""), [check])).toEqual([]);
    expect(probeInputs(problemOf("stdin", ""), [])).toEqual([]);
  });

  test("property: any input is answered, and never with itself twice", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.nat(), (input, seed) => {
        const probes = probeInputs(problemOf("stdin", ""), [{ type: "stdio", input, output: "" }], {
          seed,
          count: 4,
        });
        expect(new Set(probes.map((probe) => JSON.stringify(probe))).size).toBe(probes.length);
      }),
      { numRuns: 200 },
    );
  });

  test("property: any JSON arguments are answered", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }), fc.nat(), (args, seed) => {
        const problem = problemOf("function", "", { entryPoint: "f" });
        const probes = probeInputs(problem, [{ type: "call", args, expected: null }], { seed, count: 4 });
        for (const probe of probes) expect(probe.type === "call" && probe.args.length).toBe(args.length);
      }),
      { numRuns: 200 },
    );
  });
});

test("constraints as LeetCode and TeX write them", () => {
  const bounds = constraintBounds(
    "1 <= nums.length, k <= 10^5\n-10^9 <= nums[i] <= 10^9\n$1 \\leq n \\leq 2 \\cdot 10^5$\n0 <= a < b <= 7\nx <= nums.length\n0 <= grid[i][j] <= 1",
  );
  expect(Object.fromEntries(bounds)).toEqual({
    "nums.length": { low: 1, high: 100_000 },
    k: { low: 1, high: 100_000 },
    "nums[]": { low: -1e9, high: 1e9 },
    n: { low: 1, high: 200_000 },
    a: { low: 0, high: 6 },
    b: { low: 1, high: 7 },
    x: {},
    "grid[][]": { low: 0, high: 1 },
  });
});
