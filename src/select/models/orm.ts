import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const outcomeReward = candidateEvidence("orm", (candidate) => candidate.programReward);

/** The reward of the program as a single step: an outcome reward model. */
export const orm: Selector = {
  name: "orm",
  title: "ORM, the program as one step",
  select: (pool) => selectByEvidence(pool, [outcomeReward]),
};
