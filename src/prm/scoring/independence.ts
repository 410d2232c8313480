import type { RowsModel } from "./rows-model.ts";
import type { TokenSequence } from "../tokens/sequence.ts";

/** Rewards closer than this are the same: what other summation orders change in float32. */
const SAME_REWARD = 1e-5;

/** Lengths of the probe's rows; they differ, so that padding is part of it. */
const PROBE_LENGTHS = [5, 9, 16, 12];

/** A few made-up rows of different lengths. */
export function probeSequences(ids: readonly number[], marked: boolean): TokenSequence[] {
  return PROBE_LENGTHS.map((length, row) => ({
    ids: Int32Array.from(
      { length },
      (_, position) => ids[(row * 7 + position * (row + 3)) % ids.length] ?? 0,
    ),
    marks: marked ? [1, length - 1] : null,
  }));
}

/**
 * Whether a graph rewards sequences alone as it does in company, measured on a probe.
 *
 * Dynamic int8 takes one activation range for the whole batch, padding included, so every row's reward
 * depends on its neighbours; such a graph must get its rows one by one. Weights do not say which kind they are.
 */
export async function rewardsAreIndependent(
  model: RowsModel,
  probe: readonly TokenSequence[],
): Promise<boolean> {
  const together = (await model.run(probe)).flat();
  const alone: number[] = [];
  for (const row of probe) alone.push(...((await model.run([row]))[0] ?? []));
  return largestChange(alone, together) <= SAME_REWARD;
}

/** The largest difference between two lists of rewards for the same places. */
export function largestChange(a: readonly number[], b: readonly number[]): number {
  return a.reduce((largest, reward, index) => Math.max(largest, Math.abs(reward - (b[index] ?? NaN))), 0);
}
