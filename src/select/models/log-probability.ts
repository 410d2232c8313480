import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const logProbability = candidateEvidence("log-probability", (candidate) => candidate.meanLogProbability);

/** The sampler's own mean log-probability of the reply. */
export const meanLogProbability: Selector = {
  name: "log-probability",
  title: "mean log-probability",
  select: (pool) => selectByEvidence(pool, [logProbability]),
};
