import { selectionOf } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** All candidates tie, so that its mean over the tied is the exact expectation of a random choice. */
export const random: Selector = {
  name: "random",
  title: "random choice (expectation)",
  select: (pool) => selectionOf(pool, pool.length === 0 ? [] : [pool.map((_, index) => index)], null),
};
