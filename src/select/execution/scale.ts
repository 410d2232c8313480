import { candidateCriterion, selectorBy, whereMeasured } from "../criterion.ts";
import { agreementSize } from "./agreement.ts";
import { examplesPassed } from "./examples.ts";

/**
 * Large inputs answered in time and without an error. It only tells programs apart: where none answers, because an
 * input is not legal or all are too slow, they tie. Large inputs cannot be made for every problem; there the rest
 * decides.
 */
export const scaleAnswered = whereMeasured(
  candidateCriterion("scale", ["large-inputs"], ({ largeInputsAnswered }) => largeInputsAnswered),
);

/** Among those that pass most examples, those that answer large inputs, then the biggest cluster of equal outputs. */
export const examplesThenScale = selectorBy(
  "examples+scale+agreement",
  "examples, then large inputs, then agreement",
  [examplesPassed, scaleAnswered, agreementSize],
);

/** The other order: large inputs break the ties that agreement leaves. */
export const examplesThenAgreementThenScale = selectorBy(
  "examples+agreement+scale",
  "examples, then agreement, then large inputs",
  [examplesPassed, agreementSize, scaleAnswered],
);
