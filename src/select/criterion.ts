import { type EvidenceKind, type EvidenceOf, holdsCode, type Pool } from "../core/evidence.ts";
import { type Selection, selectionOf, type Selector, type Unavailable } from "../core/selector.ts";

/** One kind of evidence, as a number a candidate; higher is better. */
export interface Criterion {
  /** The name that `decidedBy` reports. */
  readonly name: string;
  readonly needs: readonly EvidenceKind[];
  /**
   * Values of the candidates in `group` (indices into the pool), in its order; or undefined when the evidence was
   * not measured for all of them. Candidates without code are never in a group.
   */
  readonly values: (pool: Pool, group: readonly number[]) => readonly number[] | undefined;
  /** Passed over where it was not measured; otherwise its selector is not available there. */
  readonly optional?: boolean;
}

/** A criterion that looks at each candidate alone; undefined for one candidate makes it incomplete. */
export function candidateCriterion<Kind extends EvidenceKind = never>(
  name: string,
  needs: readonly Kind[],
  value: (candidate: EvidenceOf<Kind>) => number | undefined,
): Criterion {
  return {
    name,
    needs,
    values: (pool, group) => {
      const values = group.map((index) => {
        const candidate = pool[index];
        return candidate === undefined ? undefined : value(candidate);
      });
      return values.every((each) => each !== undefined) ? values : undefined;
    },
  };
}

/** The same criterion, passed over where it was not measured. */
export function whereMeasured(criterion: Criterion): Criterion {
  return { ...criterion, optional: true };
}

/** A selector by criteria, most important first: each one orders what its predecessors left tied. */
export function selectorBy(name: string, title: string, criteria: readonly Criterion[]): Selector {
  return {
    name,
    title,
    needs: [...new Set(criteria.flatMap(({ needs }) => needs))],
    optional: criteria.every(({ optional }) => optional === true),
    select: (pool) => selectByCriteria(pool, criteria),
  };
}

/** Each criterion is asked about just those candidates that are still tied. Candidates without code come last. */
function selectByCriteria(pool: Pool, criteria: readonly Criterion[]): Selection | Unavailable {
  const usable = pool.flatMap((candidate, index) => (holdsCode(candidate) ? [index] : []));
  const missing = criteria.find(
    ({ optional, values }) => optional !== true && usable.length > 0 && values(pool, usable) === undefined,
  );
  if (missing !== undefined) return { unavailable: missing.name };

  let tiers: (readonly number[])[] = usable.length === 0 ? [] : [usable];
  let decidedBy: string | null = null;
  for (const criterion of criteria) {
    const before = tiers[0]?.length ?? 0;
    // Evidence may be there for those that are still tied and for nobody else.
    tiers = tiers.flatMap((group) => tiersOf(group, criterion.values(pool, group) ?? group.map(() => 0)));
    if ((tiers[0]?.length ?? 0) < before) decidedBy = criterion.name;
  }
  const rest = pool.flatMap((_, index) => (usable.includes(index) ? [] : [index]));
  return selectionOf(pool, rest.length === 0 ? tiers : [...tiers, rest], decidedBy);
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
