import { candidateCriterion, selectorBy } from "../criterion.ts";

/** How far the sampler's token distributions are from uniform: a baseline of the FunPRM paper. */
export const selfCertainty = selectorBy("self-certainty", "self-certainty", [
  candidateCriterion("self-certainty", ["self-certainty"], (candidate) => candidate.selfCertainty),
]);
