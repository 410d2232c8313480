import type { Pool } from "../../core/evidence.ts";
import { choiceFeatures } from "./features.ts";
import {
  CANDIDATE_WEIGHTS as SESSION_CANDIDATE_WEIGHTS,
  NONE_WEIGHTS as SESSION_NONE_WEIGHTS,
} from "./session-weights.ts";
import { CANDIDATE_WEIGHTS, NONE_WEIGHTS } from "./weights.ts";

export interface PassProbability {
  /** P(passes the hidden tests) of each candidate, in the pool's order; 0 without code. */
  readonly candidates: readonly number[];
  /** P(no candidate passes); never more than the best candidate leaves. */
  readonly none: number;
}

/**
 * How likely each candidate is right, by what running it showed: two logistic models over the features of a group,
 * fitted on problems with known verdicts (models/choice/README.md). undefined where nothing was run.
 */
export function passProbability(pool: Pool): PassProbability | undefined {
  // Reading alone had no part in the fit.
  const measured = pool.some(
    ({ exampleResults, probeAnswers }) => exampleResults !== undefined || probeAnswers !== undefined,
  );
  if (!measured) return undefined;
  // What a docstring's sessions show of a class or of a function of libraries says less than tests of a contest problem.
  // Only there a problem that is read for faults, since it shows no tests, has results of examples all the same.
  const isBySessions = pool.some(
    ({ soundness, exampleResults = [] }) => soundness !== undefined && exampleResults.length > 0,
  );
  const ofCandidate = isBySessions ? SESSION_CANDIDATE_WEIGHTS : CANDIDATE_WEIGHTS;
  const ofNone = isBySessions ? SESSION_NONE_WEIGHTS : NONE_WEIGHTS;
  const { candidates, group } = choiceFeatures(pool);
  const each = candidates.map((features) => (features === null ? 0 : logistic(features, ofCandidate)));
  return { candidates: each, none: Math.min(logistic(group, ofNone), 1 - Math.max(0, ...each)) };
}

function logistic(features: readonly number[], weights: readonly number[]): number {
  const logOdds = features.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
  return 1 / (1 + Math.exp(-logOdds));
}
