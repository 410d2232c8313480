import type { EvidenceKind, Pool } from "./evidence.ts";

/** A way to choose one of a pool's candidates. Pure and deterministic. */
export interface Selector {
  readonly name: string;
  /** One line for tables and help. */
  readonly title: string;
  /** The evidence that it looks at; whoever gathers evidence reads this and nothing else. */
  readonly needs: readonly EvidenceKind[];
  /** Whether it chooses by the evidence there is when some of `needs` is missing. */
  readonly optional: boolean;
  readonly select: (pool: Pool) => Selection | Unavailable;
}

/** What a selector says about one pool. Indices are positions in the pool. */
export interface Selection {
  /** All candidates, best first, in tiers of equally good ones; within a tier by sample index. */
  readonly tiers: readonly (readonly number[])[];
  /** The first tier: all that tie for best. Evaluation takes the mean over them. */
  readonly best: readonly number[];
  /** The tied best candidate with the lowest sample index: the choice in use. null for an empty pool. */
  readonly chosen: number | null;
  /** Rank score of each candidate in the pool's order: higher is better, equal is tied. For AUC. */
  readonly scores: readonly number[];
  /** The last evidence that told the best from others; null when nothing did and only the sample index was left. */
  readonly decidedBy: string | null;
}

/** The evidence that a selector needs and this pool lacks. */
export interface Unavailable {
  readonly unavailable: string;
}

/** A selection from tiers, best first; puts each tier into the order of the sample indices. */
export function selectionOf(
  pool: Pool,
  tiers: readonly (readonly number[])[],
  decidedBy: string | null,
): Selection {
  const sampleIndex = (index: number): number => pool[index]?.sampleIndex ?? index;
  const sorted = tiers.map((tier) => tier.toSorted((a, b) => sampleIndex(a) - sampleIndex(b)));
  const scores = Array.from({ length: pool.length }, () => 0);
  sorted.forEach((tier, place) => {
    for (const index of tier) scores[index] = sorted.length - place;
  });
  const best = sorted[0] ?? [];
  return { tiers: sorted, best, chosen: best[0] ?? null, scores, decidedBy };
}

/** Everything that at least one of these selectors needs. */
export function neededBy(selectors: readonly Selector[]): ReadonlySet<EvidenceKind> {
  return new Set(selectors.flatMap(({ needs }) => needs));
}
