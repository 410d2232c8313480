import { candidateCriterion, selectorBy } from "../criterion.ts";

/** An LLM judge's grade. */
export const judge = selectorBy("judge", "LLM judge", [
  candidateCriterion("judge", ["judge"], ({ judgeGrade }) => judgeGrade),
]);
