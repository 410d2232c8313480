import { type Aggregate, aggregateRewards } from "../../core/aggregate.ts";
import { candidateEvidence, type Evidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** The PRM's aggregated step rewards (FunPRM). */
export function prmEvidence(aggregate: Aggregate): Evidence {
  return candidateEvidence("prm", ({ rewards }) =>
    rewards === undefined ? undefined : aggregateRewards(rewards, aggregate),
  );
}

/** The PRM alone, with one aggregate. */
export function prm(aggregate: Aggregate, name = `prm-${aggregate}`): Selector {
  return {
    name,
    title: `PRM, ${aggregate} of the step rewards`,
    select: (pool) => selectByEvidence(pool, [prmEvidence(aggregate)]),
  };
}
