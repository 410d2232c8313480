import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** An output that differs where the statement allows several is worth half an example: better than a wrong one. */
const OPEN = 0.5;

/** Example tests passed. Not measured when there are no examples. */
export const examplesPassed = candidateEvidence("examples", ({ exampleResults }) => {
  if (exampleResults === undefined || exampleResults.length === 0) return undefined;
  return exampleResults.reduce((sum, result) => sum + (result === null ? OPEN : Number(result)), 0);
});

/** The candidate that passes most of the examples its problem's statement shows. */
export const examples: Selector = {
  name: "examples",
  title: "most example tests passed",
  select: (pool) => selectByEvidence(pool, [examplesPassed]),
};
