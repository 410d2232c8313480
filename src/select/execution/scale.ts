import { candidateCriterion, type Criterion, selectorBy, whereMeasured } from "../criterion.ts";
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

/** Milliseconds below which no judge would mind, and how much longer than the fastest is too long. */
const SHORT_MS = 800;
const TOO_MANY_TIMES = 8;

/** 1, or 0 for a program that needs much longer than another on large inputs: a judge may have larger ones. */
export const quick: Criterion = {
  name: "speed",
  needs: ["speed"],
  values: (pool, group) => {
    const times = group.flatMap((index) => pool[index]?.largeCpuMs ?? []);
    if (times.length < group.length) return undefined;
    const fastest = Math.min(...times);
    return times.map((ms) => Number(ms <= SHORT_MS || ms <= TOO_MANY_TIMES * fastest));
  },
};

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
