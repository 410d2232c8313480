import { auc } from "../bench/statistics/auc.ts";
import { binRewards, calibrationError, type JudgedReward } from "./reward-statistics.ts";

const BINS = 10;

export interface ConfidenceFigures {
  readonly choices: number;
  /** Mean distance between confidence and share of right choices, over ten bins. */
  readonly calibrationError: number;
  /** The chance that a right choice has more confidence than a wrong one; null when all are right or all wrong. */
  readonly auc: number | null;
}

/** How well the confidence in choices agrees with what came of them. */
export function confidenceFigures(chances: readonly JudgedReward[]): ConfidenceFigures {
  return {
    choices: chances.length,
    calibrationError: calibrationError(binRewards(chances, BINS)),
    auc: auc(
      chances.map(({ reward }) => reward),
      chances.map(({ passed }) => passed),
    ),
  };
}
