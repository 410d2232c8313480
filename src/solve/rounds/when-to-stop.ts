/** How samples are drawn: `least` at a time, `most` in all, until it no longer pays. */
export interface RoundsPlan {
  readonly least: number;
  readonly most: number;
  /** Confidence in the choice that is enough. */
  readonly stopAt: number;
  /** A further round must be forecast to raise the chance of a right choice by as much. */
  readonly minGain: number;
}

/** What is known after some samples. */
export interface Known {
  readonly samples: number;
  /** P(the choice is right) and P(no sample is right); absent where nothing that ran says so. */
  readonly sure?: { readonly confidence: number; readonly nonePasses: number };
}

/** Why no more is sampled. */
export type StopReason = "sure enough" | "little to gain" | "all sampled";

/** What to do next: stop, or draw `more` samples. */
export type NextRound = { readonly more: number } | { readonly stop: StopReason };

/** Decides by the confidence in the choice so far; where there is none, all samples are drawn. */
export function nextRound({ samples, sure }: Known, plan: RoundsPlan): NextRound {
  const more = Math.min(plan.least, plan.most - samples);
  if (more <= 0) return { stop: "all sampled" };
  if (samples < plan.least || sure === undefined) return { more };
  if (sure.confidence >= plan.stopAt) return { stop: "sure enough" };
  return forecastGain(sure, samples, more) < plan.minGain ? { stop: "little to gain" } : { more };
}

/**
 * How the chance of one sample varies from problem to problem: a beta distribution. LLMs solve most problems nearly
 * always or nearly never; maximum likelihood gave (.05, .1) on livecodebench-v5 and (.1, .7) on codeforces-hard.
 */
const RIGHT = 0.1;
const WRONG = 0.4;
/** Share of the cases in which a right program that is there is chosen. */
const CHOSEN = 0.9;
/** Share of the wrong choices with a right rival that twice the samples set right. */
const SET_RIGHT = 0.2;

/**
 * By how much `more` samples are expected to raise the chance that the choice is right. Either no sample is right so far
 * (`nonePasses`), and one of the new ones may be, the less likely the more have failed; or a right one was passed over,
 * and further votes may show it.
 *
 * @internal for tests
 */
export function forecastGain(
  { confidence, nonePasses }: NonNullable<Known["sure"]>,
  samples: number,
  more: number,
): number {
  let allWrong = 1;
  for (let i = samples; i < samples + more; i += 1) allWrong *= (WRONG + i) / (RIGHT + WRONG + i);
  const passedOver = Math.max(0, 1 - confidence - nonePasses);
  const votes = Math.min(1, more / samples) * SET_RIGHT;
  return nonePasses * (1 - allWrong) * CHOSEN + passedOver * votes;
}
