import type { Aggregate } from "../../core/aggregate.ts";
import type { Selector } from "../../core/selector.ts";
import { selectorBy } from "../criterion.ts";
import { prmReward } from "../models/prm.ts";
import { examplesPassed } from "./examples.ts";

/** Among those that pass most examples, the PRM's favourite. */
export function examplesThenPrm(aggregate: Aggregate): Selector {
  const title = `examples, then PRM (${aggregate})`;
  return selectorBy("examples+prm", title, [examplesPassed, prmReward(aggregate)]);
}
