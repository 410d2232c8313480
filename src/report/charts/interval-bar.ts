/** A selector's share with its interval, small enough for a table's cell; all rows of a table share one scale. */
import type { Comparison, SelectorSummary } from "../../bench/statistics/compare-selectors.ts";
import { html, type Markup } from "../html.ts";
import { linearScale, roundDomain } from "./scale.ts";

const BAR_WIDTH = 170;
const HEIGHT = 18;
const MARGIN = 4;

/** The domain of all rows: every interval and both bounds, in whole 5 %. */
export function barDomain(comparison: Comparison): [number, number] {
  const { random, oracle, selectors } = comparison;
  const values = [random, oracle, ...selectors.map(({ selected }) => selected)];
  return roundDomain(
    values.flatMap(({ value, low, high }) => [value, low, high]),
    0.05,
    [0, 1],
  );
}

/** The bar; grey from random to oracle, a line where the baseline's share is. Decoration: the figures are next to it. */
export function intervalBar(
  estimate: SelectorSummary["selected"],
  comparison: Comparison,
  domain: readonly [number, number],
  className: string,
): Markup {
  const x = linearScale(domain, [MARGIN, BAR_WIDTH - MARGIN]);
  const middle = HEIGHT / 2;
  const [low, high] = [x(comparison.random.value), x(comparison.oracle.value)];
  const baseline = comparison.selectors.find(({ name }) => name === comparison.baseline)?.selected.value;
  return html`<svg
    class="bar ${className}"
    viewBox="0 0 ${BAR_WIDTH} ${HEIGHT}"
    width="${BAR_WIDTH}"
    height="${HEIGHT}"
    aria-hidden="true"
  >
    <rect class="range" x="${low}" y="2" width="${Math.max(0, high - low)}" height="${HEIGHT - 4}" />
    ${
      baseline === undefined
        ? null
        : html`<line class="baseline" x1="${x(baseline)}" x2="${x(baseline)}" y1="0" y2="${HEIGHT}" />`
    }
    <line class="interval" x1="${x(estimate.low)}" x2="${x(estimate.high)}" y1="${middle}" y2="${middle}" />
    <circle cx="${x(estimate.value)}" cy="${middle}" r="3.5" />
  </svg>`;
}
