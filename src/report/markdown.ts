/** The summary as Markdown, to be pasted into an issue or a paper's appendix. */
import { isBlind } from "../bench/statistics/compare-selectors.ts";
import { confidenceFigures } from "./confidence-figures.ts";
import { summaryLines } from "./brief/summary-lines.ts";
import { countedRows, NO_FIGURE, percent, unit } from "./figures.ts";
import { flatten } from "./page/produced-by.ts";
import { verdict } from "./page/headline.ts";
import { readabilityCells } from "./page/tables.ts";
import type { ReportData } from "../bench/results/report-data.ts";
import type { JudgedReward } from "./reward-statistics.ts";
import type { RunStatistics } from "./run-statistics.ts";
import { ROUNDS_NOTE, roundsTable } from "./rounds-table.ts";
import { comparisonCaption, comparisonTable, groupTable } from "./selector-table.ts";
import { markdownTable, markdownText, type TextTable } from "./text-table.ts";

export function reportMarkdown(data: ReportData, statistics: RunStatistics): string {
  const { comparison, shownSelector } = data;
  const shown = comparison.selectors.find(({ name }) => name === shownSelector);
  const section = (title: string, text: string): string[] => (text === "" ? [] : [`## ${title}\n\n${text}`]);
  return [
    `# ${markdownText(data.title)}\n`,
    ...(data.complete
      ? []
      : [`**Unfinished**: the figures are of the ${countedRows(comparison)} done so far.\n`]),
    ...(shown === undefined
      ? []
      : [
          isBlind(shown, comparison)
            ? `Nothing gave ${markdownText(shown.name)} its evidence on any of ${countedRows(comparison)}: it chose blindly.\n`
            : `${markdownText(shown.name)} picks a passing program on ${percent(shown.selected.value)} % of ${countedRows(comparison)}. ${markdownText(verdict(comparison, shown))}\n`,
        ]),
    ...section(
      "Selectors",
      `${markdownText(comparisonCaption(comparison))}. In brackets 95 % intervals, bootstrap over problems; mixed and AUC on problems with both outcomes.\n\n${markdownTable(comparisonTable(comparison))}`,
    ),
    ...data.groups.flatMap((group) =>
      section(`Selected by ${markdownText(group.name)}, %`, markdownTable(groupTable(group))),
    ),
    ...section(
      "pass@k of the pool",
      data.passAtK.length === 0
        ? ""
        : markdownTable({
            header: ["k", ...data.passAtK.map(({ k }) => String(k))],
            rows: [["pass@k, %", ...data.passAtK.map(({ value }) => percent(value))]],
          }),
    ),
    ...section(
      "Sampling in rounds",
      data.rounds.length === 0 ? "" : `${ROUNDS_NOTE}\n\n${markdownTable(roundsTable(data.rounds))}`,
    ),
    ...section(
      `Evidence that decided for ${markdownText(shownSelector)}`,
      statistics.problems === 0
        ? ""
        : markdownTable({
            header: ["evidence", "problems", "choice passes %", "by chance %"],
            rows: statistics
              .decidedBy()
              .map(({ evidence, problems, passing, chance }) => [
                evidence,
                String(problems),
                percent(passing / problems),
                percent(chance),
              ]),
          }),
    ),
    ...section(
      `How sure ${markdownText(shownSelector)} is`,
      statistics.chances.length === 0 ? "" : markdownTable(confidenceTable(statistics.chances)),
    ),
    ...section(
      "Readability",
      data.readability.length === 0 ? "" : markdownTable(readabilityCells(data.readability)),
    ),
    ...section("For a pull request", `${summaryLines(data).join("\n")}\n`),
    ...section("Notes", data.notes.map((note) => `- ${markdownText(note)}\n`).join("")),
    ...section(
      "Produced by",
      markdownTable({ header: ["what", "value"], rows: flatten(data.producedBy).map((row) => [...row]) }),
    ),
  ].join("\n");
}

function confidenceTable(chances: readonly JudgedReward[]): TextTable {
  const { choices, calibrationError, auc } = confidenceFigures(chances);
  return {
    header: ["choices", "calibration error, points", "AUC of right against wrong"],
    rows: [[String(choices), percent(calibrationError), auc === null ? NO_FIGURE : unit(auc)]],
  };
}
