import { describe, expect, it } from "vitest";
import { rankCandidates } from "../../src/core/ranking.ts";
import { selectionOf } from "../../src/core/selector.ts";
import type { ScoredCandidate } from "../../src/core/step-rewards.ts";

function scored(sampleIndex: number, codeSha256 = String(sampleIndex)): ScoredCandidate {
  return {
    problemId: "p",
    sampleIndex,
    codeSha256,
    reward: null,
    steps: [],
    truncatedTokens: 0,
    warnings: [],
  };
}

function rank(candidates: readonly ScoredCandidate[], tiers: readonly (readonly number[])[], blank = -1) {
  const pool = candidates.map(({ sampleIndex }) => ({
    sampleIndex,
    code: sampleIndex === blank ? " " : "x",
  }));
  return rankCandidates(candidates, pool, selectionOf(pool, tiers, null));
}

describe("rankCandidates", () => {
  it("follows the selector's tiers, and within one the sample index", () => {
    const order = rank([scored(3), scored(1), scored(2), scored(0)], [[0, 2], [1], [3]]);
    expect(order.map(({ sampleIndex, rank: place }) => [sampleIndex, place])).toEqual([
      [2, 1],
      [3, 2],
      [1, 3],
      [0, 4],
    ]);
  });

  it("selects the first, unless it holds no code", () => {
    expect(rank([scored(0), scored(1)], [[1], [0]]).map(({ selected }) => selected)).toEqual([true, false]);
    expect(rank([scored(0)], [[0]], 0)[0]?.selected).toBe(false);
    expect(rank([], [])).toEqual([]);
  });

  it("names the first of several equal programs, whatever their ranks", () => {
    const order = rank([scored(4, "a"), scored(5, "a"), scored(6, "b")], [[1], [2], [0]]);
    expect(order.map(({ sampleIndex, duplicateOf }) => [sampleIndex, duplicateOf])).toEqual([
      [5, 4],
      [6, null],
      [4, null],
    ]);
  });
});
