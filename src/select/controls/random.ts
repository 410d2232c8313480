import { selectionOf, type Selector } from "../../core/selector.ts";

/** All candidates tie, so that its mean over the tied is the exact expectation of a random choice. */
export const random: Selector = {
  name: "random",
  title: "random choice (expectation)",
  needs: [],
  optional: false,
  select: (pool) => selectionOf(pool, pool.length === 0 ? [] : [pool.map((_, index) => index)], null),
};
