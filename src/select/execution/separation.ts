import type { Pool } from "../../core/evidence.ts";
import { type Selection, selectionOf, type Selector } from "../../core/selector.ts";
import { onceEach, reliabilities } from "./votes.ts";

/** Why a choice is another one than without help. */
export const SEPARATION = "separation";
export const PREDICTION = "predicted output";

/**
 * A selector that counts what an LLM was asked for in addition. Among the candidates that were still in the race the
 * votes are counted anew, with the LLM's inputs and its brute-force solution as one more voter; what they leave tied
 * keeps the order of `base`, and last comes the output that the LLM predicts, since predictions are often wrong.
 * `decidedBy` names the help only where the best candidates are others than without it.
 */
export function separating(base: Selector): Selector {
  return {
    ...base,
    needs: [...base.needs, "separation"],
    select: (pool) => {
      const plain = base.select(pool);
      if ("unavailable" in plain) return plain;
      const group = pool.flatMap(({ separation }, index) => (separation === undefined ? [] : [index]));
      return group.length === 0 ? plain : withHelp(pool, plain, group);
    },
  };
}

function withHelp(pool: Pool, plain: Selection, group: readonly number[]): Selection {
  const votes = separatedVotes(pool, group);
  const placed = group.map((index, i) => ({
    index,
    key: [
      votes[i] ?? 0,
      plain.scores[index] ?? 0,
      Number(pool[index]?.separation?.predicted === true),
    ] as const,
  }));
  const tiers = tiersBy(placed, 3);
  const others = plain.tiers.map((tier) => tier.filter((index) => !group.includes(index)));
  const selection = selectionOf(
    pool,
    [...tiers, ...others.filter((tier) => tier.length > 0)],
    plain.decidedBy,
  );
  if (isSame(selection.best, plain.best)) return selection;
  const byVotes = tiersBy(placed, 2)[0] ?? [];
  return { ...selection, decidedBy: isSame(selection.best, byVotes) ? SEPARATION : PREDICTION };
}

/**
 * How far each one's answers are shared, to all inputs and with the voter. The brute-force solution is asked for in
 * other words than the candidates (short and obviously right, however slow), so that it seldom makes the mistake that
 * many of them make: it is an independent sampler's program, and weighs `voterWeight` of theirs.
 */
function separatedVotes(pool: Pool, group: readonly number[]): number[] {
  const rows = group.map((index) => {
    const { probeAnswers = [], separation } = pool[index] ?? {};
    return [...probeAnswers, ...(separation?.answers ?? [])];
  });
  const weights = onceEach(pool, group);
  const voter = group.map((index) => pool[index]?.separation?.voter).find((row) => row !== undefined);
  const all =
    voter === undefined
      ? reliabilities(rows, weights)
      : reliabilities([...rows, voter], [...weights, voterWeight(weights)]);
  return all.slice(0, group.length).map((value) => Math.round(value * 1e9) / 1e9);
}

/**
 * How alike the mistakes of one sampler's programs are. On train problems the least of 0, .25, .5, .75 and 1 with which a
 * right voter gains all that it can; what a wrong one costs was the same with all (benchmarks/results/separation.md).
 */
const CORRELATION = 0.5;

/**
 * A program of an independent sampler counts as much as the m different ones of another sampler count for less, since
 * they repeat each other: m votes with this correlation are worth m / (1 + (m - 1) c) independent ones (Kish's design
 * effect), so that an independent one is worth 1 + (m - 1) c of them.
 */
function voterWeight(weights: readonly number[]): number {
  const different = weights.reduce((sum, weight) => sum + weight, 0);
  return 1 + Math.max(0, different - 1) * CORRELATION;
}

interface Placed {
  readonly index: number;
  readonly key: readonly number[];
}

/** Best first, by the first `length` parts of the keys. */
function tiersBy(placed: readonly Placed[], length: number): number[][] {
  const byKey = new Map<string, { readonly key: readonly number[]; readonly tier: number[] }>();
  for (const { index, key } of placed) {
    const part = key.slice(0, length);
    const known = byKey.get(part.join(" ")) ?? { key: part, tier: [] };
    known.tier.push(index);
    byKey.set(part.join(" "), known);
  }
  const ordered = [...byKey.values()].toSorted(
    (a, b) => b.key.map((part, i) => part - (a.key[i] ?? 0)).find((difference) => difference !== 0) ?? 0,
  );
  return ordered.map(({ tier }) => tier);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((index) => b.includes(index));
}
