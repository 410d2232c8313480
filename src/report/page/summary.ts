/** The summary: what was compared, what came out, and how far to trust it. Static, so that it shows without script. */
import { calibrationChart, rewardHistogram } from "../charts/reward-charts.ts";
import { decidedChart } from "../charts/decided-chart.ts";
import { groupChart } from "../charts/group-chart.ts";
import { sweepChart } from "../charts/sweep-chart.ts";
import { citation } from "../brief/citation.ts";
import { summaryLines } from "../brief/summary-lines.ts";
import { counted, countedRows, percent, unit, whole } from "../figures.ts";
import { confidenceFigures } from "../confidence-figures.ts";
import { html, type Content, type Markup } from "../html.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import type { RunStatistics } from "../run-statistics.ts";
import { headline } from "./headline.ts";
import { producedByTable } from "./produced-by.ts";
import { groupDetails, passAtKTable, readabilityTable, roundsDetails, selectorRows } from "./tables.ts";

/** `link` makes a problem's id a link to its page where it has one. */
export function summaryView(
  data: ReportData,
  statistics: RunStatistics,
  link: (id: string) => Content,
): Markup {
  const { comparison, shownSelector: shown } = data;
  return html`<section id="view-summary" aria-labelledby="title">
    <header class="head">
      <h1 id="title">${data.title}</h1>
      ${data.complete ? null : html`<p class="banner"><strong>Unfinished.</strong> The figures are of the ${countedRows(comparison)} done so far; run the bench again to go on.</p>`}
    </header>
    ${headline(comparison, shown)}
    ${
      data.notes.length === 0
        ? null
        : html`<aside class="notes" aria-label="Notes">
            <h2>Before you trust the figures</h2>
            <ul>
              ${data.notes.map((note) => html`<li>${note}</li>`)}
            </ul>
          </aside>`
    }
    <h2>Selectors</h2>
    <p class="caption">
      On the same ${counted(comparison.candidates, "candidate")} of ${countedRows(comparison)}. Intervals: 95
      %, bootstrap over problems; grey from random choice to the oracle, dashed the baseline
      ${comparison.baseline}.
    </p>
    ${selectorRows(comparison, shown, link)} ${terms(comparison)}
    <div class="charts">
      ${figure(sweepChart(data.sweeps, shown, comparison.baseline), "Selected against N", "Random subsets of the candidates; bands of the first two lines from the lowest to the highest draw.")}
      ${data.groups.map((group) =>
        figure(
          groupChart(group, comparison, shown),
          `By ${group.name}`,
          "With 95 % intervals; grey from random choice to the oracle.",
          groupDetails(group),
        ),
      )}
      ${figure(decidedChart(statistics.decidedBy()), `Evidence that decided for ${shown}`, "At each bar's end the share of its choices that pass; in brackets the share of all candidates of these problems, which is what chance would give.")}
      ${figure(calibrationChart(statistics.chances, CONFIDENCE), `How sure ${shown} is`, confidenceNote(statistics))}
      ${figure(rewardHistogram(statistics.rewards), "Rewards of passing and failing candidates", "The further apart the two, the more the rewards know.")}
      ${figure(calibrationChart(statistics.rewards), "Calibration of the rewards", "Share that passes by reward; on the diagonal a reward is a chance. Wilson intervals, which take candidates of one problem for independent.")}
    </div>
    ${titled("pass@k of the pool", passAtKTable(data.passAtK))}
    ${titled("Sampling in rounds", roundsDetails(data.rounds))}
    ${titled("Readability", readabilityTable(data.readability))}
    <h2>For a pull request</h2>
    <pre class="copied">${summaryLines(data).join("\n")}</pre>
    <h2>Produced by</h2>
    ${producedByTable(data.producedBy)}
    <h2>How to cite</h2>
    <pre class="copied">${citation(data)}</pre>
  </section>`;
}

/** What the columns mean, for those who read the table first. */
function terms({ mixed, baseline }: ReportData["comparison"]): Markup {
  return html`<p class="terms">
    <b>Selected</b>: problems whose chosen program passes. <b>Headroom</b>: how much of the way from random
    choice (0) to the oracle (100), which always finds a passing program where there is one. <b>Mixed</b>:
    selected on the ${whole(mixed.problems)} problems with passing and failing candidates, where the choice
    matters. <b>AUC</b>: chance that a passing candidate ranks above a failing one of the same problem; .5 is
    a coin. <b>Gained / lost</b>: problems that only this selector solves, and that only ${baseline} does.
    <b>p</b>: how often chance alone gives as uneven a count (McNemar).
  </p>`;
}

const CONFIDENCE = "confidence in the choice";

function confidenceNote({ chances }: RunStatistics): string {
  const { calibrationError, auc } = confidenceFigures(chances);
  const told = auc === null ? "" : ` Right choices are told from wrong ones with an AUC of ${unit(auc)}.`;
  return `Share of the choices that pass by confidence; mean distance from the diagonal ${percent(calibrationError)} points.${told}`;
}

function figure(
  drawing: Markup | null,
  title: string,
  note: string | null,
  more: Content = null,
): Markup | null {
  if (drawing === null) return null;
  return html`<figure>
    <figcaption>
      <h3>${title}</h3>
      ${note === null ? null : html`<p>${note}</p>`}
    </figcaption>
    ${drawing}${more}
  </figure> `;
}

function titled(title: string, content: Markup | null): Markup | null {
  return content === null
    ? null
    : html`<h2>${title}</h2>
        ${content}`;
}
