import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const brevity = candidateEvidence("brevity", (candidate) => -candidate.code.trim().length);

/** The shortest program that is there at all, in characters. A control, as `longest`. */
export const shortest: Selector = {
  name: "shortest",
  title: "shortest program",
  select: (pool) => selectByEvidence(pool, [brevity]),
};
