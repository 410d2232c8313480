import type { Aggregate } from "../../core/aggregate.ts";
import { examplesPassed } from "./examples.ts";
import { prmEvidence } from "../models/prm.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** Among those that pass most examples, the PRM's favourite. */
export function examplesThenPrm(aggregate: Aggregate): Selector {
  return {
    name: "examples+prm",
    title: `examples, then PRM (${aggregate})`,
    select: (pool) => selectByEvidence(pool, [examplesPassed, prmEvidence(aggregate)]),
  };
}
