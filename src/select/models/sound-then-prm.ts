import type { Aggregate } from "../../core/aggregate.ts";
import type { Selector } from "../../core/selector.ts";
import { selectorBy, whereMeasured } from "../criterion.ts";
import { soundnessRead } from "../execution/soundness.ts";
import { prmReward } from "./prm.ts";

/** What reading finds wrong comes last, then the PRM: for a ranking that runs no program. */
export function soundThenPrm(aggregate: Aggregate): Selector {
  return selectorBy("soundness+prm", `fewest faults that reading shows, then PRM (${aggregate})`, [
    whereMeasured(soundnessRead),
    prmReward(aggregate),
  ]);
}
