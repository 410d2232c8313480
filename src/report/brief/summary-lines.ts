/** Five lines that fit into a pull request. */
import { isBlind } from "../../bench/statistics/compare-selectors.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import {
  counted,
  countedRows,
  percent,
  percentWithInterval,
  pointsWithInterval,
  pEquals,
} from "../figures.ts";
import { markdownText } from "../text-table.ts";

/** Markdown, five lines: what was compared, what came out, against what, how far it could go, how to trust it. */
export function summaryLines({ title, comparison, shownSelector, complete, notes }: ReportData): string[] {
  const shown = comparison.selectors.find(({ name }) => name === shownSelector);
  const { random, oracle, mixed, baseline } = comparison;
  const chosen =
    shown === undefined || isBlind(shown, comparison)
      ? `**${markdownText(shownSelector)}** had no evidence to choose by.`
      : `**${markdownText(shown.name)}** chooses a passing program in **${percentWithInterval(shown.selected)} %**.`;
  const against =
    shown === undefined || shown.name === baseline
      ? `It is the baseline.`
      : `Against ${markdownText(baseline)}: ${pointsWithInterval(shown.difference.selected)} points, ` +
        `${shown.difference.gained.length} gained and ${shown.difference.lost.length} lost, p ${pEquals(shown.difference.pValue)}.`;
  return [
    `**${markdownText(title)}**: ${countedRows(comparison)}, ${counted(comparison.candidates, "candidate")}${complete ? "" : " (unfinished)"}.`,
    chosen,
    against,
    `A random program passes in ${percent(random.value)} %, some program in ${percent(oracle.value)} %; ` +
      `the choice matters in ${counted(mixed.problems, "mixed group")}.`,
    `Intervals: 95 %, bootstrap over problems; p: McNemar's exact test. ${counted(notes.length, "note")} in the report.`,
  ];
}
