import type { Aggregate } from "../core/aggregate.ts";
import type { Selector } from "../core/selector.ts";
import { selectorBy, whereMeasured } from "./criterion.ts";
import { agreementSize } from "./execution/agreement.ts";
import { examplesPassed } from "./execution/examples.ts";
import { scaleAnswered } from "./execution/scale.ts";
import { prmReward } from "./models/prm.ts";

/**
 * The default: the statement's examples, then agreement of outputs among those still tied, then large inputs (right
 * programs may fail on one that is not legal, so they come late), then the PRM. Evidence that was not measured is
 * passed over; with none at all the first sample that holds code is chosen, and `decidedBy` is null.
 */
export function auto(aggregate: Aggregate): Selector {
  return selectorBy(
    "auto",
    "examples, then agreement, then large inputs, then PRM: what there is",
    [examplesPassed, agreementSize, scaleAnswered, prmReward(aggregate)].map(whereMeasured),
  );
}
