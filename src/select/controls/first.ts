import { selectionOf, type Selector } from "../../core/selector.ts";

/** No selection at all: the first sample, code or not. What a user has who samples once. */
export const first: Selector = {
  name: "first",
  title: "first sample",
  needs: [],
  optional: false,
  select: (pool) => {
    const order = pool.map((_, index) => index);
    const sampleIndex = (index: number): number => pool[index]?.sampleIndex ?? index;
    const tiers = order.toSorted((a, b) => sampleIndex(a) - sampleIndex(b)).map((index) => [index]);
    return selectionOf(pool, tiers, "sample index");
  },
};
