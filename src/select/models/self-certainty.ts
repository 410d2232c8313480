import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const certainty = candidateEvidence("self-certainty", (candidate) => candidate.selfCertainty);

/** How far the sampler's token distributions are from uniform: a baseline of the FunPRM paper. */
export const selfCertainty: Selector = {
  name: "self-certainty",
  title: "self-certainty",
  select: (pool) => selectByEvidence(pool, [certainty]),
};
