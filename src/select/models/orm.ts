import { candidateCriterion, selectorBy } from "../criterion.ts";

/** The reward of the program as a single step: an outcome reward model. */
export const orm = selectorBy("orm", "ORM, the program as one step", [
  candidateCriterion("orm", ["program-reward"], ({ programReward }) => programReward),
]);
