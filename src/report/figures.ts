/** How figures are written, the same in the terminal, in Markdown and on the page. What is no number is a dash. */
import type { Estimate } from "../bench/statistics/bootstrap.ts";
import type { Comparison } from "../bench/statistics/compare-selectors.ts";

/** Stands where there is no figure: nothing to average, nothing to resample. */
export const NO_FIGURE = "–";

/** Stands in place of a selector's figures where nothing gave it its evidence. */
export const NO_EVIDENCE = "no evidence";

/** A share in [0, 1] as percent: `82.7`. */
export function percent(share: number): string {
  return Number.isFinite(share)
    ? (share * 100)
        .toFixed(1)
        .replace(/^-/, "−")
        .replace(/^−0\.0$/, "0.0")
    : NO_FIGURE;
}

/** A difference of shares in points, always with its sign: `+3.6`, `−1.2`, `0.0`. */
export function points(difference: number): string {
  if (!Number.isFinite(difference)) return NO_FIGURE;
  const text = Math.abs(difference * 100).toFixed(1);
  if (text === "0.0") return text;
  return difference < 0 ? `−${text}` : `+${text}`;
}

/** A share with its 95 % interval: `82.7 [72.0, 91.5]`; without brackets where nothing was resampled. */
export function percentWithInterval(estimate: Estimate): string {
  return withInterval(estimate, percent);
}

export function pointsWithInterval(estimate: Estimate): string {
  return withInterval(estimate, points);
}

function withInterval({ value, low, high }: Estimate, format: (value: number) => string): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return format(value);
  return `${format(value)} [${format(low)}, ${format(high)}]`;
}

/** A value in [0, 1] that is no share (AUC, reward, p): `.625`, `1.00`. */
export function unit(value: number): string {
  if (!Number.isFinite(value)) return NO_FIGURE;
  const text = value.toFixed(3);
  if (text === "1.000") return "1.00";
  return text.replace(/^(-?)0\./, "$1.");
}

/** A p-value; the very small ones only say so. */
export function pValue(p: number): string {
  return p < 0.001 ? "<.001" : unit(p);
}

/** The same after the letter p: `p = .04`, `p < .001`. */
export function pEquals(p: number): string {
  const text = pValue(p);
  return text.startsWith("<") ? `< ${text.slice(1)}` : `= ${text}`;
}

/** 1055 as `1,055`. */
export function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 problem`, `3 problems`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `166 problems`; `332 rows of 166 problems` where a problem has a row for each sampler. */
export function countedRows({
  problems,
  distinctProblems,
}: Pick<Comparison, "problems" | "distinctProblems">): string {
  if (distinctProblems === undefined) return counted(problems, "problem");
  return `${counted(problems, "row")} of ${counted(distinctProblems, "problem")}`;
}
