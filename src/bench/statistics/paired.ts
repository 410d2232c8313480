import type { GradedProblem, Outcome } from "./outcome.ts";
import { mcnemarExact } from "./mcnemar.ts";

/** Where two selectors differ, judged by the candidate that each would use. */
export interface PairedDifference {
  /** Problems that only the selector solves. */
  readonly gained: readonly string[];
  /** Problems that only the baseline solves. */
  readonly lost: readonly string[];
  /** McNemar's exact test of gained against lost, two-sided. */
  readonly pValue: number;
}

/** The problems that `outcomes` gains and loses against `baseline`; all three in the same order. */
export function pairedDifference(
  problems: readonly GradedProblem[],
  outcomes: readonly Outcome[],
  baseline: readonly Outcome[],
): PairedDifference {
  const gained: string[] = [];
  const lost: string[] = [];
  problems.forEach(({ problemId }, index) => {
    const ours = outcomes[index]?.chosenPassed === true;
    const theirs = baseline[index]?.chosenPassed === true;
    if (ours && !theirs) gained.push(problemId);
    if (theirs && !ours) lost.push(problemId);
  });
  return { gained, lost, pValue: mcnemarExact(gained.length, lost.length) };
}
