import { candidatesWithCode, type Evidence } from "./evidence.ts";
import type { Pool } from "./pool.ts";

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
  /** Evidence that was passed over because it was not measured. */
  readonly missing: readonly string[];
}

/** The evidence that a selector needs and this pool lacks. */
export interface Unavailable {
  readonly unavailable: string;
}

/**
 * Orders a pool by kinds of evidence, most important first: each one orders what its predecessors left tied, and is
 * asked about just those candidates. Candidates without code come last. With `optional`, evidence that was not
 * measured is passed over and named in `missing`; otherwise it makes the selector unavailable.
 */
export function selectByEvidence(
  pool: Pool,
  evidences: readonly Evidence[],
  { optional = false }: { readonly optional?: boolean } = {},
): Selection | Unavailable {
  const usable = candidatesWithCode(pool);
  const used: Evidence[] = [];
  const missing: string[] = [];
  for (const evidence of evidences) {
    if (usable.length === 0 || evidence.values(pool, usable) !== undefined) used.push(evidence);
    else missing.push(evidence.name);
  }
  const [first] = missing;
  if (first !== undefined && !optional) return { unavailable: first };

  let tiers: (readonly number[])[] = usable.length === 0 ? [] : [usable];
  let decidedBy: string | null = null;
  for (const evidence of used) {
    const before = tiers[0]?.length ?? 0;
    tiers = tiers.flatMap((group) => tiersOf(group, evidence.values(pool, group) ?? group.map(() => 0)));
    if ((tiers[0]?.length ?? 0) < before) decidedBy = evidence.name;
  }
  const rest = pool.flatMap((_, index) => (usable.includes(index) ? [] : [index]));
  return selectionOf(pool, rest.length === 0 ? tiers : [...tiers, rest], decidedBy, missing);
}

/** A selection from tiers, best first; puts each tier into the order of the sample indices. */
export function selectionOf(
  pool: Pool,
  tiers: readonly (readonly number[])[],
  decidedBy: string | null,
  missing: readonly string[] = [],
): Selection {
  const sampleIndex = (index: number): number => pool[index]?.sampleIndex ?? index;
  const sorted = tiers.map((tier) => tier.toSorted((a, b) => sampleIndex(a) - sampleIndex(b)));
  const scores = Array.from({ length: pool.length }, () => 0);
  sorted.forEach((tier, place) => {
    for (const index of tier) scores[index] = sorted.length - place;
  });
  const best = sorted[0] ?? [];
  return { tiers: sorted, best, chosen: best[0] ?? null, scores, decidedBy, missing };
}

function tiersOf(group: readonly number[], values: readonly number[]): number[][] {
  const byValue = new Map<number, number[]>();
  group.forEach((index, position) => {
    const value = values[position] ?? 0;
    const tier = byValue.get(value);
    if (tier) tier.push(index);
    else byValue.set(value, [index]);
  });
  return [...byValue].toSorted(([a], [b]) => b - a).map(([, tier]) => tier);
}
