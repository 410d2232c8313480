import { candidateCriterion, selectorBy } from "../criterion.ts";

/** Functions in which reading finds nothing wrong; measured where the statement gives little to run. */
export const soundnessRead = candidateCriterion(
  "soundness",
  ["soundness"],
  (candidate) => candidate.soundness,
);

/** The program with the fewest functions in which something is missing, undefined or never set. */
export const sound = selectorBy("soundness", "fewest faults that reading shows", [soundnessRead]);
