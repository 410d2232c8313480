import { expect, test } from "vitest";
import { sweepSamples } from "../../../src/bench/results/sweep.ts";
import { selectorByName } from "../../../src/select/index.ts";
import type { CandidateEvidence } from "../../../src/core/evidence.ts";

const pool = (verdicts: string, rewards: readonly number[] = []): CandidateEvidence[] =>
  verdicts.split("").map((verdict, sampleIndex) => ({
    sampleIndex,
    code: `print(${sampleIndex})`,
    passed: verdict === "1",
    rewards: [rewards[sampleIndex] ?? 0],
  }));

test("one candidate is random choice, all of them the whole pool, the bounds are exact", () => {
  const pools = [pool("1000", [9, 1, 1, 1]), pool("0110", [0, 5, 1, 7])];
  const [one, two, four] = sweepSamples(pools, selectorByName("prm", "mean"), [1, 2, 4], { draws: 4000 });
  expect(one?.random).toBeCloseTo(3 / 8, 12);
  expect(Math.abs((one?.selected ?? 0) - 3 / 8)).toBeLessThan(0.04);
  expect(one?.oracle).toBeCloseTo(3 / 8, 12);
  // Pairs: the first pool's winner is in half of them; in the second, 3 of 6 pairs are without sample 3, all passing then.
  expect(Math.abs((two?.selected ?? 0) - 0.5)).toBeLessThan(0.04);
  expect(two?.oracle).toBeCloseTo((0.5 + 5 / 6) / 2, 12);
  expect(four).toMatchObject({ n: 4, selected: 0.5, low: 0.5, high: 0.5, oracle: 1 });
});

test("the seed decides", () => {
  const pools = [pool("10110", [1, 2, 3, 4, 5]), pool("01001", [1, 2, 3, 4, 5])];
  const run = (seed: number) =>
    sweepSamples(pools, selectorByName("prm", "mean"), [2, 3], { seed, draws: 3 });
  expect(run(1)).toEqual(run(1));
  expect([1, 2, 3, 4].map((seed) => JSON.stringify(run(seed))).some((text, _, all) => text !== all[0])).toBe(
    true,
  );
});

test("too few candidates and ungraded ones are refused", () => {
  const random = selectorByName("random", "mean");
  expect(() => sweepSamples([pool("10"), pool("1")], random, [2])).toThrow(
    /from 1 to the 1 candidates .* got 2/,
  );
  expect(() => sweepSamples([[{ sampleIndex: 7, code: "x" }]], random, [1])).toThrow(
    /sample 7 has no verdict/,
  );
});
