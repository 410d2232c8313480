import { agreementSize } from "./agreement.ts";
import { candidateEvidence, candidatesWithCode, type Evidence } from "../evidence.ts";
import { examplesPassed } from "./examples.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/**
 * Large inputs answered in time and without an error. It only tells programs apart: where none answers, because an
 * input is not legal or all are too slow, they tie.
 */
export const scaleAnswered = candidateEvidence("scale", ({ largeInputsAnswered }) => largeInputsAnswered);

/** Among those that pass most examples, those that answer large inputs, then the biggest cluster of equal outputs. */
export const examplesThenScale = inOrder(
  "examples+scale+agreement",
  "examples, then large inputs, then agreement",
  [examplesPassed, scaleAnswered, agreementSize],
);

/** The other order: large inputs break the ties that agreement leaves. */
export const examplesThenAgreementThenScale = inOrder(
  "examples+agreement+scale",
  "examples, then agreement, then large inputs",
  [examplesPassed, agreementSize, scaleAnswered],
);

/** Large inputs cannot be made for every problem; there the rest decides. */
function inOrder(name: string, title: string, evidences: readonly Evidence[]): Selector {
  return {
    name,
    title,
    select: (pool) => {
      const measured = scaleAnswered.values(pool, candidatesWithCode(pool)) !== undefined;
      return selectByEvidence(
        pool,
        measured ? evidences : evidences.filter((each) => each !== scaleAnswered),
      );
    },
  };
}
