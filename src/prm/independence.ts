import type { Model } from "./model.ts";
import type { TokenSequence } from "./sequence.ts";

/** Rewards closer than this are the same: what other summation orders change in float32. */
export const SAME_REWARD = 1e-5;

/** Lengths of the probe's rows; they differ, so that padding is part of it. */
const PROBE_LENGTHS = [5, 9, 16, 12];

/**
 * Whether a graph rewards sequences alone as it does in company, measured on a few made-up rows.
 *
 * Dynamic int8 takes one activation range for the whole batch, padding included, so every row's reward
 * depends on its neighbours; such a graph must get its rows one by one. Weights do not say which kind they are.
 */
export async function rewardsAreIndependent(
  model: Model,
  ids: readonly number[],
  marked: boolean,
): Promise<boolean> {
  const rows = PROBE_LENGTHS.map((length, row): TokenSequence => ({
    ids: Int32Array.from(
      { length },
      (_, position) => ids[(row * 7 + position * (row + 3)) % ids.length] ?? 0,
    ),
    marks: marked ? [1, length - 1] : null,
  }));
  const together = (await model.run(rows)).flat();
  const alone: number[] = [];
  for (const row of rows) alone.push(...((await model.run([row]))[0] ?? []));
  return alone.every((reward, index) => Math.abs(reward - (together[index] ?? NaN)) <= SAME_REWARD);
}
