import { candidateCriterion, selectorBy } from "../criterion.ts";

/** The longest program, in characters. A control: a selector that is no better has learnt length. */
export const longest = selectorBy("longest", "longest program", [
  candidateCriterion("length", [], ({ code }) => code?.trim().length),
]);
