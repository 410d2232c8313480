/** Selectors as a table of results orders them: the best first, those of one and the same result on one row. */
import { type Comparison, isBlind, type SelectorSummary } from "../bench/statistics/compare-selectors.ts";

/** Selectors whose figures are all equal; the first of `names` stands for them. */
export interface FoldedSelectors {
  readonly summary: SelectorSummary;
  readonly names: readonly string[];
}

/** Best first, `random` and `oracle` where their shares put them; selectors without any evidence last. `shown` leads its row. */
export function foldedSelectors(comparison: Comparison, shown: string): FoldedSelectors[] {
  const rows = new Map<string, SelectorSummary[]>();
  for (const summary of comparison.selectors) {
    const key = resultOf(summary, comparison);
    rows.set(key, [...(rows.get(key) ?? []), summary]);
  }
  return [...rows.values()]
    .map((equal): FoldedSelectors => {
      const first = equal.find(({ name }) => name === shown) ?? equal[0];
      if (first === undefined) throw new RangeError("a row of no selector");
      const others = equal.filter((each) => each !== first);
      return { summary: first, names: [first, ...others].map(({ name }) => name) };
    })
    .toSorted((a, b) => rankOf(b.summary, comparison) - rankOf(a.summary, comparison));
}

/** Everything that a row shows but the name. The baseline has a row of its own, since it is compared with none. */
function resultOf(summary: SelectorSummary, comparison: Comparison): string {
  const { name, ...result } = summary;
  return name === comparison.baseline ? name : JSON.stringify(result);
}

function rankOf(summary: SelectorSummary, comparison: Comparison): number {
  return isBlind(summary, comparison) ? -1 : summary.selected.value;
}
