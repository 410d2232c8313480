import { exampleScore } from "../../core/example-score.ts";
import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** Example tests passed. Not measured when there are no examples. */
export const examplesPassed = candidateEvidence("examples", ({ exampleResults }) => {
  if (exampleResults === undefined || exampleResults.length === 0) return undefined;
  return exampleScore(exampleResults);
});

/** The candidate that passes most of the examples its problem's statement shows. */
export const examples: Selector = {
  name: "examples",
  title: "most example tests passed",
  select: (pool) => selectByEvidence(pool, [examplesPassed]),
};
