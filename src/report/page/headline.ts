/** The sentences and figures that a reader sees first. */
import { type Comparison, isBlind, type SelectorSummary } from "../../bench/statistics/compare-selectors.ts";
import { counted, countedRows, NO_FIGURE, percent, points, pValue, whole } from "../figures.ts";
import { html, type Content, type Markup } from "../html.ts";

/** Differences less likely than this by chance are called differences. */
const SIGNIFICANCE = 0.05;

export function headline(comparison: Comparison, shown: string): Markup {
  const summary = comparison.selectors.find(({ name }) => name === shown);
  if (summary === undefined) return html`<p class="lead">${shown} has not chosen yet.</p>`;
  if (isBlind(summary, comparison)) {
    return html`<p class="lead">
      Nothing gave <strong>${shown}</strong> its evidence on any of ${countedRows(comparison)}: it chose
      blindly.
    </p>`;
  }
  return html`<p class="lead">
      <strong>${shown}</strong> picks a passing program on
      <strong>${percent(summary.selected.value)} %</strong> of ${countedRows(comparison)}.
      ${verdict(comparison, summary)}
    </p>
    <dl class="tiles">
      ${tile("Selected", `${percent(summary.selected.value)} %`, range(summary.selected, percent))}${tile(
        `Against ${comparison.baseline}`,
        summary.name === comparison.baseline ? NO_FIGURE : points(summary.difference.selected.value),
        summary.name === comparison.baseline
          ? "it is the baseline"
          : `points ${range(summary.difference.selected, points)}, p ${equals(pValue(summary.difference.pValue))}`,
      )}${tile(
        "Headroom recovered",
        summary.headroomRecovered === null ? NO_FIGURE : `${percent(summary.headroomRecovered.value)} %`,
        `random ${percent(comparison.random.value)} %, oracle ${percent(comparison.oracle.value)} %`,
      )}${tile(
        "Where choosing matters",
        summary.mixed === null ? NO_FIGURE : `${percent(summary.mixed.selected.value)} %`,
        `of ${counted(comparison.mixed.problems, "mixed group")}; random ${percent(comparison.mixed.random)} %`,
      )}
    </dl>`;
}

/** What the comparison with the baseline comes to, and who is best, in words. */
export function verdict(comparison: Comparison, summary: SelectorSummary): string {
  const best = comparison.selectors
    .filter((each) => each.name !== "oracle" && !isBlind(each, comparison))
    .toSorted((a, b) => b.selected.value - a.selected.value)[0];
  const champion =
    best === undefined || best.selected.value <= summary.selected.value
      ? "No selector does better."
      : `Best is ${best.name} with ${percent(best.selected.value)} %.`;
  if (summary.name === comparison.baseline) return champion;
  const { gained, lost, pValue: p, selected } = summary.difference;
  // Against chance no single problem need be gained or lost.
  if (gained.length + lost.length === 0 && selected.value !== 0)
    return `Against ${comparison.baseline} that is ${points(selected.value)} points. ${champion}`;
  const counts = `Against ${comparison.baseline} it gains ${counted(gained.length, comparison.distinctProblems === undefined ? "problem" : "row")} and loses ${whole(lost.length)}`;
  const meaning =
    gained.length + lost.length === 0
      ? "the two solve the same problems"
      : p < SIGNIFICANCE
        ? `more than chance explains (McNemar p ${equals(pValue(p))})`
        : `which chance alone could do (McNemar p ${equals(pValue(p))})`;
  return `${counts}: ${meaning}. ${champion}`;
}

function tile(name: string, figure: string, detail: Content): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd><span class="figure">${figure}</span><span class="detail">${detail}</span></dd>
  </div>`;
}

function range(
  { low, high }: { readonly low: number; readonly high: number },
  format: (value: number) => string,
): string {
  return Number.isFinite(low) && Number.isFinite(high) ? `[${format(low)}, ${format(high)}]` : "";
}

/** `= .031`, `< .001`. */
function equals(p: string): string {
  return p.startsWith("<") ? `< ${p.slice(1)}` : `= ${p}`;
}
