import { holdsCode, type Pool } from "./evidence.ts";
import type { Selection } from "./selector.ts";
import type { ScoredCandidate } from "./step-rewards.ts";

/** A candidate's place among its problem's candidates. */
export interface RankedCandidate extends ScoredCandidate {
  /** From 1. */
  readonly rank: number;
  /** The best-of-N choice; at most one a problem, none when no candidate holds code. */
  readonly selected: boolean;
  /** sampleIndex of the first candidate with the same code. */
  readonly duplicateOf: number | null;
  /** As in CandidateEvidence. */
  readonly soundness?: number;
}

/** One problem's candidates, best first, as a selector ordered them; `scored` and `pool` are in one order. */
export function rankCandidates(
  scored: readonly ScoredCandidate[],
  pool: Pool,
  { tiers }: Selection,
): RankedCandidate[] {
  const firstWithCode = new Map<string, ScoredCandidate>();
  for (const candidate of scored) {
    if (!firstWithCode.has(candidate.codeSha256)) firstWithCode.set(candidate.codeSha256, candidate);
  }
  return tiers.flat().flatMap((index, place) => {
    const candidate = scored[index];
    const evidence = pool[index];
    if (candidate === undefined || evidence === undefined) return [];
    const first = firstWithCode.get(candidate.codeSha256);
    return {
      ...candidate,
      rank: place + 1,
      selected: place === 0 && holdsCode(evidence),
      duplicateOf: first === undefined || first === candidate ? null : first.sampleIndex,
      ...(evidence.soundness !== undefined && { soundness: evidence.soundness }),
    };
  });
}
