import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { z } from "zod";
import { describe, expect, test } from "vitest";
import { aggregateRewards, AGGREGATES } from "../../src/core/aggregate.ts";

const reward = fc.double({ min: 0, max: 1, noNaN: true });
const rewards = fc.array(reward, { minLength: 1, maxLength: 12 });
const aggregate = fc.constantFrom(...AGGREGATES);

test.each([
  ["mean", 0.5],
  ["min", 0.2],
  ["last", 0.5],
  ["product", 0.08],
  ["log-odds", (Math.log(0.25) + Math.log(4) + 0) / 3],
] as const)("%s of .2, .8, .5", (aggregate, expected) => {
  expect(aggregateRewards([0.2, 0.8, 0.5], aggregate)).toBeCloseTo(expected, 12);
});

/** Python aggregates too (training/.../prm/aggregate.py); both sides read these cases. */
const casesOfBothSides = z
  .array(z.object({ rewards: z.array(z.number()) }).catchall(z.number()))
  .parse(JSON.parse(readFileSync(new URL("../fixtures/aggregates.json", import.meta.url), "utf8")));

test.each(AGGREGATES)("%s is what training/ computes", (aggregate) => {
  for (const { rewards, ...expected } of casesOfBothSides) {
    expect(aggregateRewards(rewards, aggregate)).toBeCloseTo(expected[aggregate] ?? NaN, 12);
  }
});

describe.each(AGGREGATES)("%s", (aggregate) => {
  test("is a number, and no aggregate but log-odds leaves [0, 1]", () => {
    fc.assert(
      fc.property(rewards, (rewards) => {
        const value = aggregateRewards(rewards, aggregate);
        expect(Number.isFinite(value)).toBe(true);
        expect(aggregate === "log-odds" || (value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });

  test("never falls when a reward rises", () => {
    fc.assert(
      fc.property(rewards, fc.nat(), reward, (rewards, at, better) => {
        const index = at % rewards.length;
        const raised = rewards.with(index, Math.max(better, rewards[index] ?? 0));
        const [before, after] = [rewards, raised].map((values) => aggregateRewards(values, aggregate));
        // Sums of the same numbers in floating point may differ in their last digit.
        expect(after ?? NaN).toBeGreaterThanOrEqual((before ?? NaN) - 1e-9);
      }),
    );
  });

  test("of no steps is never above that of any program", () => {
    fc.assert(
      fc.property(rewards, (rewards) => {
        // The mean of seven equal log odds may differ from one of them in its last digit.
        expect(aggregateRewards([], aggregate)).toBeLessThanOrEqual(
          aggregateRewards(rewards, aggregate) + 1e-9,
        );
      }),
    );
  });

  test("of one step ranks as the step itself", () => {
    fc.assert(
      fc.property(reward, reward, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((value) =>
          aggregateRewards([value], aggregate),
        );
        expect(low).toBeLessThanOrEqual(high ?? NaN);
      }),
    );
  });
});

test("order matters to last alone", () => {
  fc.assert(
    fc.property(rewards, aggregate, (rewards, aggregate) => {
      fc.pre(aggregate !== "last");
      const [there, back] = [rewards, rewards.toReversed()].map((values) =>
        aggregateRewards(values, aggregate),
      );
      expect(there).toBeCloseTo(back ?? NaN, 9);
    }),
  );
  expect(aggregateRewards([0.1, 0.9], "last")).not.toBe(aggregateRewards([0.9, 0.1], "last"));
});

test("min is at most mean and product at most min", () => {
  fc.assert(
    fc.property(rewards, (rewards) => {
      expect(aggregateRewards(rewards, "min")).toBeLessThanOrEqual(aggregateRewards(rewards, "mean") + 1e-12);
      expect(aggregateRewards(rewards, "product")).toBeLessThanOrEqual(
        aggregateRewards(rewards, "min") + 1e-12,
      );
    }),
  );
});

test.each(AGGREGATES)("%s takes a step for every line of a huge file", (aggregate) => {
  expect(
    aggregateRewards(
      Array.from({ length: 500_000 }, () => 0.5),
      aggregate,
    ),
  ).toBeLessThanOrEqual(0.5);
});

test("a saturated step does not decide log-odds alone", () => {
  const value = aggregateRewards([1, 0, 0.9], "log-odds");
  expect(value).toBeCloseTo(Math.log(9) / 3, 9);
});
