import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareByGroup, compareSelectors } from "../../../src/bench/statistics/compare-selectors.ts";
import type { GradedProblem, Pick } from "../../../src/bench/statistics/outcome.ts";

const pick = (best: number[], size: number): Pick => ({
  best,
  chosen: best[0] ?? null,
  scores: Array.from({ length: size }, (_, index) => (best.includes(index) ? 2 : 1)),
});

const problems: readonly GradedProblem[] = [
  { problemId: "a", passed: [true, false, false, false], groups: { difficulty: "hard" } },
  { problemId: "b", passed: [true, true, false, false], groups: { difficulty: "easy" } },
  { problemId: "c", passed: [true, true], groups: { difficulty: "easy" } },
  { problemId: "d", passed: [false, false], groups: { difficulty: "hard" } },
  { problemId: "e", passed: [false, true], groups: { difficulty: "hard" } },
];
const picks = new Map<string, readonly (Pick | null)[]>([
  ["last", [pick([3], 4), pick([3], 4), pick([1], 2), pick([1], 2), pick([1], 2)]],
  ["good", [pick([0], 4), pick([0, 3], 4), null, pick([0, 1], 2), pick([1], 2)]],
]);
const compare = (resamples = 200): ReturnType<typeof compareSelectors> =>
  compareSelectors(problems, picks, { baseline: "last", resamples });

describe("compareSelectors", () => {
  test("bounds, shares and headroom by hand", () => {
    const { random, oracle, mixed, candidates, selectors } = compare();
    expect(candidates).toBe(14);
    expect(random.value).toBeCloseTo((0.25 + 0.5 + 1 + 0 + 0.5) / 5, 12);
    expect(oracle.value).toBeCloseTo(4 / 5, 12);
    expect(mixed.problems).toBe(3);
    expect(mixed.random).toBeCloseTo(1.25 / 3, 12);
    const [last, good] = selectors;
    expect(last?.selected.value).toBeCloseTo(2 / 5, 12);
    // Ties are averaged, a problem without evidence is a blind choice.
    expect(good?.selected.value).toBeCloseTo((1 + 0.5 + 1 + 0 + 1) / 5, 12);
    expect(good?.blind).toBe(1);
    expect(good?.headroomRecovered?.value).toBeCloseTo((0.7 - 0.45) / (0.8 - 0.45), 12);
    expect(good?.mixed?.selected.value).toBeCloseTo(2.5 / 3, 12);
    expect(good?.mixed?.auc.value).toBeCloseTo((1 + 0.5 + 1) / 3, 12);
  });

  test("gained and lost by the candidate that would be used", () => {
    const [last, good] = compare().selectors;
    expect(good?.difference).toMatchObject({ gained: ["a", "b"], lost: [], pValue: 0.5 });
    expect(good?.difference.selected.value).toBeCloseTo(0.3, 12);
    expect(last?.difference).toMatchObject({ gained: [], lost: [], pValue: 1 });
    expect(last?.difference.selected).toEqual({ value: 0, low: 0, high: 0 });
  });

  test("nothing to gain: no headroom, no mixed problems", () => {
    const easy: GradedProblem[] = [{ problemId: "x", passed: [true, true] }];
    const [summary] = compareSelectors(easy, new Map([["s", [pick([0], 2)]]]), { baseline: "s" }).selectors;
    expect(summary).toMatchObject({ headroomRecovered: null, mixed: null });
  });

  test("by difficulty, the largest group first", () => {
    const groups = compareByGroup(problems, picks, "difficulty", { baseline: "last", resamples: 20 });
    expect([...groups.keys()]).toEqual(["hard", "easy"]);
    expect(groups.get("hard")?.problems).toBe(3);
    expect(groups.get("easy")?.selectors.map(({ selected }) => selected.value)).toEqual([0.5, 0.75]);
    expect([
      ...compareByGroup(problems, picks, "platform", { baseline: "last", resamples: 20 }).keys(),
    ]).toEqual(["unknown"]);
  });

  test("an unknown baseline and an ungraded problem say what to do", () => {
    expect(() => compareSelectors(problems, picks, { baseline: "best" })).toThrow(
      /expected a baseline among the selectors last, good; got "best"/,
    );
    const ungraded = [{ problemId: "x", passed: [] }];
    expect(() => compareSelectors(ungraded, new Map([["s", [null]]]), { baseline: "s" })).toThrow(
      /for x; got none/,
    );
  });

  test("property: selected lies between 0 and the oracle, intervals are ordered, the blind choice is random", () => {
    const verdicts = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    const run = fc.array(fc.tuple(verdicts, fc.nat(5)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(run, (rows) => {
        const graded = rows.map(([passed], index) => ({ problemId: String(index), passed }));
        const chosen = rows.map(([passed, at]) => pick([at % passed.length], passed.length));
        const all = new Map<string, (Pick | null)[]>([
          ["s", chosen],
          ["blind", rows.map(() => null)],
        ]);
        const result = compareSelectors(graded, all, { baseline: "blind", resamples: 40 });
        const [s, blind] = result.selectors;
        if (!s || !blind) throw new Error("two selectors");
        expect(s.selected.value).toBeLessThanOrEqual(result.oracle.value + 1e-12);
        expect(s.selected.low).toBeLessThanOrEqual(s.selected.high);
        expect(blind.selected).toEqual(result.random);
        expect(s.difference.selected.value).toBeCloseTo(s.selected.value - result.random.value, 12);
      }),
      { numRuns: 60 },
    );
  });
});

test("a selector that is blind wherever a choice mattered is blind on all rows", () => {
  const idle: Pick = { best: [0, 1], chosen: 0, scores: [0, 0], idle: true };
  const of = (...each: readonly (Pick | null)[]): number | undefined => {
    const rows: GradedProblem[] = [
      { problemId: "a", passed: [true, false] },
      { problemId: "b", passed: [true, true] },
      { problemId: "c", passed: [false, true] },
    ];
    return compareSelectors(rows, new Map([["s", each]]), { baseline: "s", resamples: 2 }).selectors[0]
      ?.blind;
  };
  expect(of(null, idle, null)).toBe(3);
  expect(of(null, idle, pick([1], 2))).toBe(1);
  expect(of(pick([0], 2), idle, pick([1], 2))).toBe(0);
});
