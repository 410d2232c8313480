import type { Aggregate } from "../core/aggregate.ts";
import type { Selector } from "../core/selector.ts";
import { selectorBy, whereMeasured } from "./criterion.ts";
import { examplesPassed } from "./execution/examples.ts";
import { quick, scaleAnswered } from "./execution/scale.ts";
import { soundnessRead } from "./execution/soundness.ts";
import { inputVotes } from "./execution/votes.ts";
import { prmReward } from "./models/prm.ts";

const EXECUTION = [soundnessRead, examplesPassed, inputVotes, scaleAnswered, quick].map(whereMeasured);

/**
 * The default: what reading finds wrong where little can be run, then the statement's examples, then votes on further
 * inputs among those still tied, then large inputs (right programs may fail on one that is not legal, so they come
 * late). Evidence that was not measured is passed over; with none at all the first sample that holds code is chosen,
 * and `decidedBy` is null: a model that is no better than a guess is not asked.
 */
export const auto: Selector = selectorBy(
  "auto",
  "soundness, examples, votes, large inputs: what there is",
  EXECUTION,
);

/** The same with the PRM for the last ties, for PRMs that are known to choose better than chance. */
export function autoThenPrm(aggregate: Aggregate): Selector {
  return selectorBy("auto+prm", "auto, then PRM", [...EXECUTION, whereMeasured(prmReward(aggregate))]);
}
