// Statistics of the evidence benchmarks: means, intervals over classes, areas under the curve, folds.
import { createHash } from "node:crypto";

const RESAMPLES = 10_000;

export const mean = (values) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rows by a key, in the order of their first row. */
export function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/** `.123` */
export const three = (value) =>
  value === undefined || Number.isNaN(value) ? "" : value.toFixed(3).replace(/^0/, "");

/** A class's fold, the same in every run. */
export const foldOf = (id, folds) => createHash("sha256").update(id).digest()[0] % folds;

/** 95 % interval of a statistic of `[class, value]` pairs, classes drawn with replacement. */
export function bootstrap(pairs, statistic = mean, resamples = RESAMPLES) {
  const byClass = [...groupBy(pairs, ([id]) => id).values()].map((each) => each.map(([, value]) => value));
  const random = generator(1);
  const values = Array.from({ length: resamples }, () =>
    statistic(byClass.flatMap(() => byClass[Math.floor(random() * byClass.length)])),
  ).toSorted((a, b) => a - b);
  return [values[Math.floor(0.025 * resamples)], values[Math.ceil(0.975 * resamples) - 1]];
}

/** Probability that a right one has a higher value than a wrong one, ties half; undefined without both. */
export function areaUnderCurve(rows) {
  const sorted = rows.toSorted((a, b) => a.value - b.value);
  const right = rows.filter((row) => row.right).length;
  if (right === 0 || right === rows.length) return undefined;
  let wrongBelow = 0;
  let wins = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end].value === sorted[at].value) end += 1;
    const tied = sorted.slice(at, end);
    const tiedRight = tied.filter((row) => row.right).length;
    const tiedWrong = tied.length - tiedRight;
    wins += tiedRight * (wrongBelow + tiedWrong / 2);
    wrongBelow += tiedWrong;
    at = end;
  }
  return wins / (right * (sorted.length - right));
}

/** mulberry32 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
