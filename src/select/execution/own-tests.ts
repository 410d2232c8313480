import { holdsCode, type Pool } from "../../core/evidence.ts";
import { type Selection, selectionOf, type Selector, type Unavailable } from "../../core/selector.ts";

/**
 * What the user's own tests say decides first; the given selector chooses among the programs that pass, and orders those
 * on which no test could run, then those that do not pass. Where no test was run it chooses alone.
 */
export function ownTestsThen(selector: Selector): Selector {
  return {
    ...selector,
    title: `own tests, then ${selector.title}`,
    needs: ["own-tests", ...selector.needs],
    select: (pool) => selectByTests(pool, selector),
  };
}

function selectByTests(pool: Pool, selector: Selector): Selection | Unavailable {
  const all = pool.map((_, index) => index);
  const passing = all.filter((index) => pool[index]?.ownTestsPassed === true);
  const untested = all.filter((index) => isUntested(pool[index]));
  const others = all.filter((index) => !passing.includes(index) && !untested.includes(index));
  const parts = [passing, untested, others].filter((part) => part.length > 0);
  const tiers: (readonly number[])[] = [];
  let decidedBy: string | null = null;
  for (const part of parts) {
    const selection = selector.select(part.flatMap((index) => pool[index] ?? []));
    if ("unavailable" in selection) return selection;
    if (tiers.length === 0) decidedBy = selection.decidedBy;
    tiers.push(...selection.tiers.map((tier) => tier.flatMap((at) => part[at] ?? [])));
  }
  const separates = passing.length > 0 && passing.length < pool.filter(holdsCode).length;
  return selectionOf(pool, tiers, decidedBy ?? (separates ? "own tests" : null));
}

function isUntested(candidate: Pool[number] | undefined): boolean {
  return candidate !== undefined && holdsCode(candidate) && candidate.ownTestsPassed === undefined;
}
