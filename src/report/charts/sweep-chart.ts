/** Selected against the number of candidates: the selectors that matter between random choice and the oracle. */
import { html, type Markup } from "../html.ts";
import { percent } from "../figures.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import { area, chart, marker, pathThrough, spreadLabels, xAxis, yAxis } from "./frame.ts";
import { linearScale, logScale, roundDomain, ticks } from "./scale.ts";

type Sweep = ReportData["sweeps"][number];

/** More lines than this could not be told apart. */
const MOST_LINES = 4;

/** The series of a chart in order: the shown selector, the baseline, then the best of the others. */
export function chosenSeries<T extends object>(
  all: readonly T[],
  nameOf: (one: T) => string,
  valueOf: (one: T) => number,
  leading: readonly string[],
): T[] {
  const first = [...new Set(leading)].flatMap((name) => all.find((one) => nameOf(one) === name) ?? []);
  const bounds = new Set(["random", "oracle"]);
  const others = all
    .filter((one) => !first.includes(one) && !bounds.has(nameOf(one)))
    .toSorted((a, b) => valueOf(b) - valueOf(a));
  return [...first, ...others].slice(0, MOST_LINES);
}

/** null when there is nothing to draw: no sweep, or one size only. */
export function sweepChart(sweeps: readonly Sweep[], shown: string, baseline: string): Markup | null {
  const series = chosenSeries(
    sweeps,
    ({ selector }) => selector,
    ({ points }) => points.at(-1)?.selected ?? 0,
    [shown, baseline],
  );
  const bounds = series[0]?.points ?? [];
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (first === undefined || last === undefined || first.n === last.n) return null;
  const names = series.map(({ selector }) => selector);
  // A selector of a bound's name is drawn as what it is.
  const limits = (["oracle", "random"] as const).filter((name) => !names.includes(name));
  const plot = area(300, { right: labelRoom([...names, ...limits]) });
  const x = logScale([first.n, last.n], [plot.left + 8, plot.right]);
  const values = series.flatMap(({ points }) => points.flatMap((p) => [p.selected, p.low, p.high]));
  const domain = roundDomain([...values, ...bounds.flatMap((p) => [p.random, p.oracle])], 0.05, [0, 1]);
  const y = linearScale(domain, [plot.bottom, plot.top]);
  const line = (points: readonly { n: number; value: number }[]): string =>
    pathThrough(points.map(({ n, value }) => [x(n), y(value)]));
  const of = (key: "random" | "oracle" | "selected", points: Sweep["points"]): string =>
    line(points.map((p) => ({ n: p.n, value: p[key] })));
  const labels = [
    ...series.map(({ selector, points }, s) => ({
      text: selector,
      className: `s${s}`,
      value: points.at(-1)?.selected ?? 0,
    })),
    ...limits.map((name) => ({ text: name, className: "bound", value: last[name] })),
  ];
  const places = spreadLabels(
    labels.map(({ value }) => y(value)),
    14,
    [plot.top, plot.bottom],
  );
  const content = html`${yAxis(
    plot,
    y,
    ticks(domain, 6).map((value) => ({ value, label: String(Math.round(value * 100)) })),
    "selected, % of problems",
  )}${xAxis(
    plot,
    x,
    bounds.map(({ n }) => ({ value: n, label: String(n) })),
    "candidates a problem (N)",
  )}${limits.map((name) => html`<path class="bound line" d="${of(name, bounds)}" />`)}${series
    .slice(0, 2)
    .map(({ points }, s) => html`<path class="band s${s}" d="${bandThrough(points, x, y)}" />`)}${series
    .map(
      ({ points }, s) =>
        html`<g class="s${s}"
          ><path
            class="line"
            d="${of("selected", points)}"
          />${points.map((p) => marker(s, x(p.n), y(p.selected)))}</g
        >`,
    )
    .toReversed()}${labels.map(
    ({ text, className }, at) =>
      html`<text class="label ${className}" x="${plot.right + 8}" y="${places[at] ?? 0}" dy=".32em"
        >${text}</text
      >`,
  )}`;
  const words = series.map(
    ({ selector, points }) => `${selector} ${percent(points.at(-1)?.selected ?? 0)} %`,
  );
  return chart(
    plot,
    `Selected against the number of candidates, ${first.n} to ${last.n}. At ${last.n}: ${words.join(", ")}; random ${percent(last.random)} %, oracle ${percent(last.oracle)} %`,
    content,
  );
}

/** Pixels for the longest name next to the lines, at about seven a letter. */
function labelRoom(names: readonly string[]): number {
  return 16 + 7 * Math.max(6, ...names.map((name) => Math.min(24, name.length)));
}

/** Between the lowest and the highest draw. */
function bandThrough(
  points: Sweep["points"],
  x: (n: number) => number,
  y: (value: number) => number,
): string {
  const upper = points.map((p): [number, number] => [x(p.n), y(p.high)]);
  const lower = points.map((p): [number, number] => [x(p.n), y(p.low)]);
  return `${pathThrough([...upper, ...lower.toReversed()])}Z`;
}
