/** One number for a program from the rewards of its steps. FunPRM leaves open which; all are offered. */
export const AGGREGATES = ["mean", "min", "last", "product", "log-odds"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** Rewards closer to 0 or 1 than this count as this far, so that one saturated step cannot be infinite. */
const LOG_ODDS_EPSILON = 1e-6;

/**
 * Aggregates step rewards in [0, 1]. `log-odds` is the mean of log(r / (1 - r)), the others stay in [0, 1].
 * No steps: the lowest value the aggregate can take, so that an empty program never wins.
 */
export function aggregateRewards(rewards: readonly number[], aggregate: Aggregate): number {
  const last = rewards.at(-1);
  if (last === undefined) return aggregate === "log-odds" ? logOdds(0) : 0;
  switch (aggregate) {
    case "mean":
      return mean(rewards);
    case "min":
      return rewards.reduce((least, reward) => Math.min(least, reward));
    case "last":
      return last;
    case "product":
      return rewards.reduce((product, reward) => product * reward, 1);
    case "log-odds":
      return mean(rewards.map(logOdds));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function logOdds(reward: number): number {
  const clipped = Math.min(Math.max(reward, LOG_ODDS_EPSILON), 1 - LOG_ODDS_EPSILON);
  return Math.log(clipped / (1 - clipped));
}
