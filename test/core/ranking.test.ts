import { describe, expect, it } from "vitest";
import { rankCandidates, type ScoredCandidate } from "../../src/core/ranking.ts";

function scored(
  sampleIndex: number,
  reward: number | null,
  codeSha256 = String(sampleIndex),
): ScoredCandidate {
  return { problemId: "p", sampleIndex, codeSha256, reward, steps: [], truncatedTokens: 0, warnings: [] };
}

describe("rankCandidates", () => {
  it("lets a selector's scores come first and rewards break their ties", () => {
    const pool = [scored(0, 0.9), scored(1, 0.2), scored(2, 0.5), scored(3, 0.4)];
    const order = rankCandidates(pool, [1, 2, 2, 0]).map((ranked) => ranked.sampleIndex);
    expect(order).toEqual([2, 1, 0, 3]);
  });

  it("orders by reward alone without scores, and keeps the order of arrival in ties", () => {
    const pool = [scored(3, 0.5), scored(1, 0.5), scored(2, 0.7)];
    expect(rankCandidates(pool).map((ranked) => ranked.sampleIndex)).toEqual([2, 3, 1]);
  });

  it("puts candidates without code last, several of them too, and never selects one", () => {
    const ranking = rankCandidates([scored(0, null), scored(1, -12), scored(2, null)]);
    expect(ranking.map((ranked) => ranked.sampleIndex)).toEqual([1, 0, 2]);
    expect(ranking.map((ranked) => ranked.selected)).toEqual([true, false, false]);
    expect(rankCandidates([scored(0, null)])[0]?.selected).toBe(false);
  });

  it("gives ranks from 1 without gaps", () => {
    expect(rankCandidates([scored(0, 0.1), scored(1, 0.2)]).map((ranked) => ranked.rank)).toEqual([1, 2]);
    expect(rankCandidates([])).toEqual([]);
  });
});
