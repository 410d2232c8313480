import type { Step } from "./step.ts";

/** A step with its PRM reward r_t. */
export interface ScoredStep extends Step {
  readonly reward: number;
}

/** A candidate's evidence without its code, so that a run over any number of candidates stays small. */
export interface ScoredCandidate {
  readonly problemId: string;
  readonly sampleIndex: number;
  readonly model?: string;
  /** sha256 of the code, hex: equal programs have equal rewards. */
  readonly codeSha256: string;
  /** Aggregated reward; null when the candidate holds no code. */
  readonly reward: number | null;
  readonly steps: readonly ScoredStep[];
  /** Tokens of statement or code that did not fit the model's context. */
  readonly truncatedTokens: number;
  readonly warnings: readonly string[];
}

/** A candidate's place among its problem's candidates. */
export interface RankedCandidate extends ScoredCandidate {
  /** From 1. */
  readonly rank: number;
  /** The best-of-N choice; at most one a problem, none when no candidate holds code. */
  readonly selected: boolean;
  /** sampleIndex of the first candidate with the same code. */
  readonly duplicateOf: number | null;
}

/**
 * Orders one problem's candidates, best first: by a selector's scores where there are any (one a candidate, in the
 * given order), then by reward; ties keep the order of arrival.
 */
export function rankCandidates(
  scored: readonly ScoredCandidate[],
  scores: readonly number[] = [],
): RankedCandidate[] {
  const firstWithCode = new Map<string, ScoredCandidate>();
  for (const candidate of scored) {
    if (!firstWithCode.has(candidate.codeSha256)) firstWithCode.set(candidate.codeSha256, candidate);
  }
  const scoreOf = new Map(scored.map((candidate, i) => [candidate, scores[i] ?? 0]));
  const byScore = (a: ScoredCandidate, b: ScoredCandidate): number =>
    (scoreOf.get(b) ?? 0) - (scoreOf.get(a) ?? 0) || comparableReward(b) - comparableReward(a);
  const order = scored.toSorted(byScore);
  return order.map((candidate, place) => {
    const first = firstWithCode.get(candidate.codeSha256);
    return {
      ...candidate,
      rank: place + 1,
      selected: place === 0 && candidate.reward !== null,
      duplicateOf: first === undefined || first === candidate ? null : first.sampleIndex,
    };
  });
}

/** A candidate without code ranks behind every reward; a finite value keeps the difference of two of them a number. */
function comparableReward(candidate: ScoredCandidate): number {
  return candidate.reward ?? -Number.MAX_VALUE / 2;
}
