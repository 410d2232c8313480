import type { Pool } from "../../core/evidence.ts";
import type { Selector } from "../../core/selector.ts";
import { passProbability } from "../../select/choice/pass-probability.ts";
import { nextRound } from "../../solve/rounds/when-to-stop.ts";
import {
  bootstrapMeans,
  type BootstrapOptions,
  type Estimate,
  mean,
  percentileInterval,
} from "../statistics/bootstrap.ts";

/** What sampling in rounds, `-n LEAST..N`, would have spent and chosen, against all N candidates of every problem. */
export interface RoundsSpent {
  readonly least: number;
  readonly stopAt: number;
  readonly minGain: number;
  /** Candidates a problem, mean. */
  readonly samples: number;
  /** Share of a problem's candidates that are not drawn, mean over problems. */
  readonly saved: Estimate;
  /** Share of problems whose chosen program passes. */
  readonly selected: number;
  /** The same less that of all candidates, paired. */
  readonly difference: Estimate;
  readonly gained: number;
  readonly lost: number;
}

/** Samples a round; fewer would show little at a time, more would waste what easy problems do not need. */
const LEAST = 4;
/** The first is solve's default. */
const PLANS = [
  { stopAt: 0.9, minGain: 0.002 },
  { stopAt: 0.9, minGain: 0.01 },
  { stopAt: 0.8, minGain: 0.01 },
] as const;

/**
 * Draws the candidates in their order, as `solve -n 4..N` does, and stops where it would. Votes are counted anew after every
 * round. Empty where no pool has more candidates than one round, or where nothing that ran says how sure a choice is.
 */
export function roundsSpent(
  pools: readonly Pool[],
  selector: Selector,
  options: BootstrapOptions,
): RoundsSpent[] {
  if (!pools.some((pool) => pool.length > LEAST && passProbability(pool) !== undefined)) return [];
  const looks = pools.map((pool) => looksAt(pool, selector));
  const all = looks.map((each) => Number(each.at(-1)?.passes ?? false));
  return PLANS.map((plan) => {
    const ends = looks.map((each) => endOf(each, plan));
    const passes = ends.map((end) => Number(end?.passes ?? false));
    const change = passes.map((value, at) => value - (all[at] ?? 0));
    const spared = ends.map((end, at) => 1 - (end?.n ?? 0) / Math.max(1, pools[at]?.length ?? 0));
    const [saved = new Float64Array(), difference = new Float64Array()] = bootstrapMeans(
      [spared, change],
      options,
    );
    return {
      least: LEAST,
      ...plan,
      samples: mean(ends.map((end) => end?.n ?? 0)),
      saved: { value: mean(spared), ...percentileInterval(saved) },
      selected: mean(passes),
      difference: { value: mean(change), ...percentileInterval(difference) },
      gained: change.filter((value) => value > 0).length,
      lost: change.filter((value) => value < 0).length,
    };
  });
}

/** What is seen after a round. */
interface Look {
  readonly n: number;
  readonly passes: boolean;
  readonly sure?: { readonly confidence: number; readonly nonePasses: number };
}

function looksAt(pool: Pool, selector: Selector): Look[] {
  const looks: Look[] = [];
  for (let n = 0; n < pool.length;) {
    n = Math.min(n + LEAST, pool.length);
    const drawn = pool.slice(0, n);
    const selection = selector.select(drawn);
    const chosen = "unavailable" in selection ? 0 : (selection.chosen ?? 0);
    const probability = passProbability(drawn);
    const confidence = probability?.candidates[chosen];
    looks.push({
      n,
      passes: drawn[chosen]?.passed === true,
      ...(probability !== undefined &&
        confidence !== undefined && { sure: { confidence, nonePasses: probability.none } }),
    });
  }
  return looks;
}

function endOf(looks: readonly Look[], plan: (typeof PLANS)[number]): Look | undefined {
  const most = looks.at(-1)?.n ?? 0;
  const stopped = looks.find(({ n, sure }) => {
    const known = { samples: n, ...(sure !== undefined && { sure }) };
    return "stop" in nextRound(known, { least: LEAST, most, ...plan });
  });
  return stopped ?? looks.at(-1);
}
