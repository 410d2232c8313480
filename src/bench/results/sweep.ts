import { FunprmError } from "../../core/errors.ts";
import { seededRandom, type SeededRandom } from "../../core/seeded-random.ts";
import type { Pool, CandidateEvidence } from "../../core/evidence.ts";
import type { Selector } from "../../core/selector.ts";
import { mean } from "../statistics/bootstrap.ts";
import { isMixed, randomRate } from "../statistics/outcome.ts";
import { passAtK } from "../statistics/pass-at-k.ts";

export interface SweepPoint {
  /** Candidates a problem. */
  readonly n: number;
  /** Share of problems whose chosen candidate passes, mean over the draws. */
  readonly selected: number;
  /** Lowest and highest draw. */
  readonly low: number;
  readonly high: number;
  /** Exact expectations over all subsets of n: random choice, and pass@n. */
  readonly random: number;
  readonly oracle: number;
}

export interface SweepOptions {
  /** Random subsets a size. Default 20; one where n is all there is. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

const DRAWS = 20;

/**
 * How a selector does with n candidates a problem, for each n: random subsets of graded pools, drawn without
 * replacement. Evidence that depends on the group (votes, agreement) is computed anew in every subset.
 *
 * @throws FunprmError `usage` when a pool has fewer than n candidates: leaving it out would shift the average
 */
export function sweepSamples(
  pools: readonly Pool[],
  selector: Selector,
  sizes: readonly number[],
  options: SweepOptions = {},
): SweepPoint[] {
  const smallest = Math.min(...pools.map((pool) => pool.length));
  const random = seededRandom(options.seed ?? 0);
  const verdicts = pools.map((pool) => ({ problemId: "", passed: pool.map(verdictOf) }));
  // Where all pass or all fail every choice comes to the same; only the others are drawn from.
  const mixed = pools.filter((_, p) => isMixed(verdicts[p] ?? { problemId: "", passed: [] }));
  const alwaysPassed = verdicts.filter(({ passed }) => !passed.includes(false)).length;
  return sizes.map((n) => {
    if (!Number.isInteger(n) || n < 1 || n > smallest) {
      throw new FunprmError(
        "usage",
        `expected sizes from 1 to the ${smallest} candidates that every problem has; got ${n}`,
      );
    }
    const whole = pools.every((pool) => pool.length === n);
    const draws = Array.from({ length: whole ? 1 : (options.draws ?? DRAWS) }, () => {
      const shares = mixed.map((pool) => selectedIn(subset(pool, n, random), selector));
      return shares.reduce((sum, share) => sum + share, alwaysPassed) / pools.length;
    });
    return {
      n,
      selected: mean(draws),
      low: Math.min(...draws),
      high: Math.max(...draws),
      random: mean(verdicts.map(randomRate)),
      oracle: mean(verdicts.map(({ passed }) => passAtK(passed.length, passed.filter(Boolean).length, n))),
    };
  });
}

function selectedIn(pool: Pool, selector: Selector): number {
  const passed = pool.map(verdictOf);
  const problem = { problemId: "", passed };
  if (!isMixed(problem)) return passed[0] === true ? 1 : 0;
  const selection = selector.select(pool);
  const best = "unavailable" in selection ? [] : selection.best;
  if (best.length === 0) return randomRate(problem);
  return best.filter((index) => passed[index] === true).length / best.length;
}

/** n of the pool's candidates in its order, every subset equally likely. */
function subset(pool: Pool, n: number, random: SeededRandom): CandidateEvidence[] {
  let wanted = n;
  return pool.filter((_, index) => {
    const take = random.below(pool.length - index) < wanted;
    if (take) wanted--;
    return take;
  });
}

function verdictOf(candidate: CandidateEvidence): boolean {
  if (candidate.passed === undefined) {
    throw new FunprmError(
      "input",
      `expected graded candidates; sample ${candidate.sampleIndex} has no verdict. Grade first`,
    );
  }
  return candidate.passed;
}
