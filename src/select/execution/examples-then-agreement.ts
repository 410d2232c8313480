import { agreementSize } from "./agreement.ts";
import { examplesPassed } from "./examples.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** Among those that pass most examples, the biggest cluster of equal outputs. */
export const examplesThenAgreement: Selector = {
  name: "examples+agreement",
  title: "examples, then agreement",
  select: (pool) => selectByEvidence(pool, [examplesPassed, agreementSize]),
};
