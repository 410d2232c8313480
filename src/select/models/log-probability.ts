import { candidateCriterion, selectorBy } from "../criterion.ts";

/** The sampler's own mean log-probability of the reply. */
export const meanLogProbability = selectorBy("log-probability", "mean log-probability", [
  candidateCriterion("log-probability", ["log-probabilities"], (candidate) => candidate.meanLogProbability),
]);
