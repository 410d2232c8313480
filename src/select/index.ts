import { type Aggregate, AGGREGATES } from "../core/aggregate.ts";
import { FunprmError } from "../core/errors.ts";
import { agreement } from "./agreement.ts";
import { auto } from "./auto.ts";
import { codet } from "./codet.ts";
import { examplesThenAgreement } from "./examples-then-agreement.ts";
import { examplesThenPrm } from "./examples-then-prm.ts";
import { examples } from "./examples.ts";
import { first } from "./first.ts";
import { frequent } from "./frequent.ts";
import { judge } from "./judge.ts";
import { meanLogProbability } from "./log-probability.ts";
import { longest } from "./longest.ts";
import { oracle } from "./oracle.ts";
import { orm } from "./orm.ts";
import { prm } from "./prm.ts";
import { random } from "./random.ts";
import { examplesThenAgreementThenScale, examplesThenScale } from "./scale.ts";
import { selfCertainty } from "./self-certainty.ts";
import type { Selector } from "./selector.ts";
import { shortest } from "./shortest.ts";

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
    examples,
    agreement,
    codet,
    examplesThenAgreement,
    examplesThenScale,
    examplesThenAgreementThenScale,
    examplesThenPrm(aggregate),
    auto(aggregate),
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
