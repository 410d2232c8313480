import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const length = candidateEvidence("length", (candidate) => candidate.code.trim().length);

/** The longest program, in characters. A control: a selector that is no better has learnt length. */
export const longest: Selector = {
  name: "longest",
  title: "longest program",
  select: (pool) => selectByEvidence(pool, [length]),
};
