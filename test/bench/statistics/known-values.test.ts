/**
 * Known values. Those marked scipy were computed with scipy 1.17 (binomtest, mannwhitneyu, hypergeom, bootstrap with
 * a million percentile resamples, numpy.percentile) on random data drawn with numpy's default_rng(7).
 */
import { describe, expect, test } from "vitest";
import { auc } from "../../../src/bench/statistics/auc.ts";
import { bootstrapMeans, percentileInterval } from "../../../src/bench/statistics/bootstrap.ts";
import { mcnemarExact } from "../../../src/bench/statistics/mcnemar.ts";
import { meanPassAtK, passAtK } from "../../../src/bench/statistics/pass-at-k.ts";

describe("McNemar's exact test", () => {
  test("FunPRM's table: 101 and 106 of 131, 5 gained and 0 lost", () => {
    expect(mcnemarExact(5, 0)).toBeCloseTo(0.0625, 12);
  });
  test.each([
    [0, 5, 0.0625],
    [12, 3, 0.03515625],
    [40, 25, 0.08168153394154003],
    [300, 250, 0.036578745549102676],
    [1200, 1100, 0.03896685268382023],
    [1, 1, 1],
    [0, 0, 1],
  ])("scipy: %i gained, %i lost", (gained, lost, p) => {
    expect(mcnemarExact(gained, lost)).toBeCloseTo(p, 9);
  });
});

describe("AUC", () => {
  test.each([
    { scores: [0, 0, -0, -1, -0, -1, 0, 1], labels: "00111000", expected: 0.36666666666666664 },
    {
      scores: [
        -1.3, -0.5, -1.9, -1.3, -1.8, -0.2, -1.3, 0.3, 0.2, -0.2, -2.5, -0.5, -0, 0.1, -1.5, -0.5, -1, -0.8,
        1.1, -0.8,
      ],
      labels: "10110000010001011110",
      expected: 0.5050505050505051,
    },
    {
      scores: [
        -0.1, 0.7, 1.4, -0.7, 0.2, -0.5, 0.1, -1.2, -0.6, -0.2, 0.9, 1.1, -1.3, -0.8, 0.6, -2, -0.5, -0.1,
        1.3, 0.7, -0.3, -0.4, -0.3, 1.5, -0.4, -0.3, 0.4, -0.1, -0.2, -1.1, -0, -0.4, 1.2, 0.7, -0, 0.7, -0.3,
        1.1, -0, 0.6, -1.3,
      ],
      labels: "11000001001000101001001000011111001100000",
      expected: 0.5038461538461538,
    },
  ])("scipy, with ties: $expected", ({ scores, labels, expected }) => {
    const passed = labels.split("").map((label) => label === "1");
    expect(auc(scores, passed)).toBeCloseTo(expected, 12);
  });
  test("perfect, reversed and constant scores; nothing to tell apart", () => {
    expect(auc([3, 2, 1], [true, false, false])).toBe(1);
    expect(auc([1, 2, 3], [true, false, false])).toBe(0);
    expect(auc([1, 1, 1], [true, false, false])).toBe(0.5);
    expect(auc([1, 2], [true, true])).toBeNull();
    expect(auc([], [])).toBeNull();
  });
});

describe("pass@k", () => {
  test.each([
    [10, 3, 1, 0.3],
    [10, 3, 5, 0.9166666666666666],
    [100, 7, 10, 0.5332595856827856],
    [16, 15, 2, 1],
    [20, 0, 4, 0],
    [5, 5, 5, 1],
    [200, 13, 64, 0.9945228923223403],
  ])("scipy: n = %i, c = %i, k = %i", (n, c, k, expected) => {
    expect(passAtK(n, c, k)).toBeCloseTo(expected, 12);
  });
  test.each([6, 0, -1, 1.5])("refused for k = %d of 5", (k) => {
    expect(() => passAtK(5, 2, k)).toThrow(/expected k from 1 to the 5 samples .* got k = /);
  });
  test("one problem with too few samples refuses the mean, it is not left out", () => {
    expect(() => meanPassAtK([[true, false], [true]], 2)).toThrow(/k = 2/);
    expect(
      meanPassAtK(
        [
          [true, false],
          [false, false],
        ],
        1,
      ),
    ).toBe(0.25);
  });
});

describe("bootstrap over problems", () => {
  const selected = [
    0, 1, 1, 0, 1, 0.5, 0.25, 1, 0, 0, 1, 1, 0.75, 0, 1, 0.5, 0, 1, 1, 0.2, 0.8, 0, 0, 1, 1, 1, 0, 0.4, 0.6,
    1,
  ];
  const other = [
    0, 1, 0, 0, 1, 0.5, 0.5, 1, 0, 0, 0, 1, 0.25, 0, 1, 0.5, 0, 0, 1, 0.6, 0.8, 0, 1, 1, 1, 0, 0, 0.4, 0.2, 1,
  ];

  test("scipy: interval of a mean and of a paired difference", () => {
    const [a = new Float64Array(0), b = new Float64Array(0)] = bootstrapMeans([selected, other], { seed: 3 });
    expect(a).toHaveLength(10_000);
    const interval = percentileInterval(a);
    // Two resampling errors of 10,000 draws at these quantiles, about 0.005.
    expect(Math.abs(interval.low - 0.41)).toBeLessThan(0.012);
    expect(Math.abs(interval.high - 0.72)).toBeLessThan(0.012);
    const difference = percentileInterval(a.map((value, index) => value - (b[index] ?? 0)));
    expect(Math.abs(difference.low + 0.03833)).toBeLessThan(0.012);
    expect(Math.abs(difference.high - 0.26333)).toBeLessThan(0.012);
  });

  test("the seed decides, and nothing else", () => {
    const [one, again, two] = [1, 1, 2].map((seed) => bootstrapMeans([selected], { seed, resamples: 50 }));
    expect(again).toEqual(one);
    expect(two).not.toEqual(one);
  });

  test("numpy.percentile: linear interpolation; no numbers are left out", () => {
    const { low, high } = percentileInterval(Float64Array.from([3, 1, 2, 10]));
    expect(low).toBeCloseTo(1.075, 10);
    expect(high).toBeCloseTo(9.475, 10);
    expect(percentileInterval(Float64Array.from([Number.NaN, 4, Number.NaN]))).toEqual({ low: 4, high: 4 });
  });
});
