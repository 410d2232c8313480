import { auc } from "./auc.ts";
import { mean } from "./bootstrap.ts";

/** The verdicts of one problem's candidates. */
export interface GradedProblem {
  readonly problemId: string;
  /** The hidden tests' verdict of each candidate, in the pool's order; at least one. */
  readonly passed: readonly boolean[];
  /**
   * Rows of one cluster are resampled together: the same problem with several samplers' candidates. Default: the row is
   * a cluster by itself.
   */
  readonly cluster?: string;
  /** Facts to group by: difficulty, platform. */
  readonly groups?: Readonly<Record<string, string>>;
}

/** What a selector chose from a pool; select/'s Selection is one. Indices are positions in the pool. */
export interface Pick {
  /** Candidates that tie for best. */
  readonly best: readonly number[];
  /** The one that would be used. */
  readonly chosen: number | null;
  /** A score a candidate, higher is better. */
  readonly scores: readonly number[];
  /** Made without evidence, where every choice comes to the same: it says nothing of the selector. */
  readonly idle?: true;
}

/** How a selector did on one problem. */
export interface Outcome {
  /** Mean pass rate over the tied best: the expectation of choosing among them. */
  readonly selected: number;
  /** Whether the candidate that would be used passes. */
  readonly chosenPassed: boolean;
  /** Within-problem AUC of the scores; null unless the problem is mixed. */
  readonly auc: number | null;
}

/** Mean pass rate of a problem's candidates: what choosing blindly gets. */
export function randomRate({ passed }: GradedProblem): number {
  return mean(passed.map(Number));
}

/** 1 when any candidate passes: the most that choosing can get. */
export function oracleRate({ passed }: GradedProblem): number {
  return passed.includes(true) ? 1 : 0;
}

/** true when some candidates pass and some fail; only such problems tell selectors apart. */
export function isMixed({ passed }: GradedProblem): boolean {
  return passed.includes(true) && passed.includes(false);
}

/**
 * The outcome of a pick. No pick (the selector lacked its evidence on this problem) or an empty one is a blind
 * choice: all candidates tie.
 */
export function outcomeOf(problem: GradedProblem, pick: Pick | null): Outcome {
  const { passed } = problem;
  if (pick === null || pick.best.length === 0) {
    return {
      selected: randomRate(problem),
      chosenPassed: passed[0] === true,
      auc: isMixed(problem) ? 0.5 : null,
    };
  }
  return {
    selected: mean(pick.best.map((index) => Number(passed[index] === true))),
    chosenPassed: pick.chosen !== null && passed[pick.chosen] === true,
    auc: auc(pick.scores, passed),
  };
}
