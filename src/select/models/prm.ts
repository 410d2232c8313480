import { type Aggregate, aggregateRewards } from "../../core/aggregate.ts";
import type { Selector } from "../../core/selector.ts";
import { candidateCriterion, type Criterion, selectorBy } from "../criterion.ts";

/** The PRM's aggregated step rewards (FunPRM). */
export function prmReward(aggregate: Aggregate): Criterion {
  return candidateCriterion("prm", ["rewards"], ({ rewards }) =>
    rewards === undefined ? undefined : aggregateRewards(rewards, aggregate),
  );
}

/** The PRM alone, with one aggregate. */
export function prm(aggregate: Aggregate, name = `prm-${aggregate}`): Selector {
  return selectorBy(name, `PRM, ${aggregate} of the step rewards`, [prmReward(aggregate)]);
}
