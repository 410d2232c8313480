import { type Aggregate, AGGREGATES } from "../core/aggregate.ts";
import { FunprmError } from "../core/errors.ts";
import type { Selector } from "../core/selector.ts";
import { agreement, examplesThenAgreement } from "./execution/agreement.ts";
import { auto, autoThenPrm } from "./auto.ts";
import { codet } from "./execution/codet.ts";
import { examplesThenPrm } from "./execution/examples-then-prm.ts";
import { examples } from "./execution/examples.ts";
import { sound } from "./execution/soundness.ts";
import { examplesThenVotes, examplesThenVotesThenScale } from "./execution/votes.ts";
import { first } from "./controls/first.ts";
import { frequent } from "./controls/frequent.ts";
import { judge } from "./models/judge.ts";
import { meanLogProbability } from "./models/log-probability.ts";
import { longest } from "./controls/longest.ts";
import { oracle } from "./controls/oracle.ts";
import { orm } from "./models/orm.ts";
import { prm } from "./models/prm.ts";
import { random } from "./controls/random.ts";
import { examplesThenAgreementThenScale, examplesThenScale } from "./execution/scale.ts";
import { selfCertainty } from "./models/self-certainty.ts";
import { shortest } from "./controls/shortest.ts";

/**
 * Every selector by name, in the order of result tables: bounds and controls, the model, execution, both.
 * `aggregate` is the PRM's own choice of aggregate, used by `prm` and wherever the PRM breaks ties.
 */
export function selectors(aggregate: Aggregate): ReadonlyMap<string, Selector> {
  const all: readonly Selector[] = [
    first,
    random,
    longest,
    shortest,
    frequent,
    meanLogProbability,
    selfCertainty,
    judge,
    orm,
    prm(aggregate, "prm"),
    ...AGGREGATES.map((each) => prm(each)),
    sound,
    examples,
    agreement,
    codet,
    examplesThenAgreement,
    examplesThenVotes,
    examplesThenVotesThenScale,
    examplesThenScale,
    examplesThenAgreementThenScale,
    examplesThenPrm(aggregate),
    auto,
    autoThenPrm(aggregate),
    oracle,
  ];
  return new Map(all.map((selector) => [selector.name, selector]));
}

/** The selector of that name; a usage error that lists the names otherwise. */
export function selectorByName(name: string, aggregate: Aggregate): Selector {
  const all = selectors(aggregate);
  const selector = all.get(name);
  if (selector) return selector;
  throw new FunprmError("usage", `expected a selector, one of ${[...all.keys()].join(", ")}; got "${name}"`);
}
