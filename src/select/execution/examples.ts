import { exampleScore } from "../../core/example-score.ts";
import { candidateCriterion, selectorBy } from "../criterion.ts";

/** Example tests passed. Not measured when there are no examples. */
export const examplesPassed = candidateCriterion("examples", ["examples"], ({ exampleResults }) => {
  if (exampleResults === undefined || exampleResults.length === 0) return undefined;
  return exampleScore(exampleResults);
});

/** The candidate that passes most of the examples its problem's statement shows. */
export const examples = selectorBy("examples", "most example tests passed", [examplesPassed]);
