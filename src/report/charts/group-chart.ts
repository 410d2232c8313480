/** Selectors by a fact of the problems: a row a value, with intervals, between random choice and the oracle. */
import type { Comparison } from "../../bench/statistics/compare-selectors.ts";
import { percent, whole } from "../figures.ts";
import { html, type Markup } from "../html.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import { area, chart, marker, xAxis } from "./frame.ts";
import { linearScale, ticks } from "./scale.ts";
import { chosenSeries } from "./sweep-chart.ts";

const MOST_VALUES = 8;
const LINE_HEIGHT = 14;
const ROW_GAP = 16;
const LEGEND_HEIGHT = 22;
/** Room for a value's name at the left, about 14 letters. */
const NAME_WIDTH = 104;
const NAME_LETTERS = 15;

/** null for a group of fewer than two values. The largest eight values are drawn, the table has all. */
export function groupChart(
  group: ReportData["groups"][number],
  overall: Comparison,
  shown: string,
): Markup | null {
  const values = group.values.slice(0, MOST_VALUES);
  if (values.length < 2) return null;
  const series = chosenSeries(
    overall.selectors,
    ({ name }) => name,
    ({ selected }) => selected.value,
    [shown, overall.baseline],
  )
    .slice(0, 3)
    .map(({ name }) => name);
  const rowHeight = series.length * LINE_HEIGHT + ROW_GAP;
  const plot = area(values.length * rowHeight + LEGEND_HEIGHT + 48, {
    left: NAME_WIDTH,
    top: LEGEND_HEIGHT + 6,
    right: 16,
  });
  const x = linearScale([0, 1], [plot.left, plot.right]);
  const row = (comparison: Comparison, value: string, at: number): Markup => {
    const top = plot.top + at * rowHeight;
    const middle = top + rowHeight / 2;
    const [low, high] = [x(comparison.random.value), x(comparison.oracle.value)];
    return html`<rect
        class="range"
        x="${low}"
        y="${top + 3}"
        width="${Math.max(0, high - low)}"
        height="${rowHeight - 6}"
      /><text class="end name" x="${plot.left - 10}" y="${middle - 5}" dy=".32em">${cut(value)}</text
      ><text class="end small" x="${plot.left - 10}" y="${middle + 9}" dy=".32em"
        >n = ${whole(comparison.problems)}</text
      >${series.map((name, s) => {
        const estimate = comparison.selectors.find((each) => each.name === name)?.selected;
        if (estimate === undefined) return null;
        const y = top + ROW_GAP / 2 + (s + 0.5) * LINE_HEIGHT;
        return html`<g class="s${s}"
          ><line
            class="interval"
            x1="${x(estimate.low)}"
            x2="${x(estimate.high)}"
            y1="${y}"
            y2="${y}"
          />${marker(s, x(estimate.value), y)}<title>
            ${value}, ${name}: ${percent(estimate.value)} % [${percent(estimate.low)},
            ${percent(estimate.high)}]
          </title></g
        >`;
      })}`;
  };
  const content = html`${ticks([0, 1], 5).map(
    (value) =>
      html`<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${plot.top}" y2="${plot.bottom}" />`,
  )}${legend(series, plot.left)}${xAxis(
    plot,
    x,
    ticks([0, 1], 5).map((value) => ({ value, label: String(Math.round(value * 100)) })),
    "selected, % of problems",
  )}${values.map(({ value, comparison }, at) => row(comparison, value, at))}`;
  const words = values.map(({ value, comparison }) => {
    const estimate = comparison.selectors.find(({ name }) => name === series[0])?.selected;
    return `${value} ${percent(estimate?.value ?? Number.NaN)} %`;
  });
  return chart(plot, `${series[0] ?? ""} by ${group.name}: ${words.join(", ")}`, content);
}

/** One line of markers with names, about seven pixels a letter. */
function legend(names: readonly string[], left: number): Markup {
  let x = left + 4;
  return html`<g
    >${names.map((name, s) => {
      const at = x;
      x += 24 + name.length * 7;
      return html`<g class="s${s}"
        >${marker(s, at, 12)}<text class="label" x="${at + 9}" y="12" dy=".32em">${name}</text></g
      >`;
    })}</g
  >`;
}

function cut(name: string): string {
  return name.length <= NAME_LETTERS ? name : `${name.slice(0, NAME_LETTERS - 1)}…`;
}
