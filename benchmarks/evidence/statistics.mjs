// Statistics of the evidence benchmarks: means, intervals over classes, areas under the curve, folds.
import { createHash } from "node:crypto";
import { open } from "../door.mjs";

const { auc, seededRandom } = await open("auc", "seededRandom");

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
  const random = seededRandom(1);
  const values = Array.from({ length: resamples }, () =>
    statistic(byClass.flatMap(() => byClass[random.below(byClass.length)])),
  ).toSorted((a, b) => a - b);
  return [values[Math.floor(0.025 * resamples)], values[Math.ceil(0.975 * resamples) - 1]];
}

/** Area under the curve of rows with a `value`, for those that are `right`; undefined where all or none are. */
export const areaUnderCurve = (rows) =>
  auc(
    rows.map(({ value }) => value),
    rows.map(({ right }) => right),
  ) ?? undefined;
