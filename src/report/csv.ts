/** The selectors as a table for spreadsheets and scripts: full precision, empty where there is no figure. */
import { type Comparison, isBlind, type SelectorSummary } from "../bench/statistics/compare-selectors.ts";
import type { ReportData } from "../bench/results/report-data.ts";

const HEADER = [
  "group",
  "value",
  "selector",
  "problems",
  "selected",
  "selected_low",
  "selected_high",
  "headroom_recovered",
  "headroom_low",
  "headroom_high",
  "mixed_problems",
  "mixed_selected",
  "mixed_low",
  "mixed_high",
  "auc",
  "auc_low",
  "auc_high",
  "baseline",
  "difference",
  "difference_low",
  "difference_high",
  "gained",
  "lost",
  "p_value",
  "blind",
  "random",
  "oracle",
];

/** One row a selector: of all problems first (group and value empty), then of every value of every group. */
export function selectorsCsv(data: Pick<ReportData, "comparison" | "groups">): string {
  const parts = [
    { group: "", value: "", comparison: data.comparison },
    ...data.groups.flatMap(({ name, values }) =>
      values.map(({ value, comparison }) => ({ group: name, value, comparison })),
    ),
  ];
  const rows = parts.flatMap(({ group, value, comparison }) =>
    comparison.selectors.map((summary) => [
      group,
      value,
      summary.name,
      comparison.problems,
      ...(isBlind(summary, comparison) ? nothing(comparison) : figures(summary, comparison)),
      summary.blind,
      comparison.random.value,
      comparison.oracle.value,
    ]),
  );
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

type Cell = string | number | null;

function figures(summary: SelectorSummary, comparison: Comparison): Cell[] {
  return [
    ...estimate(summary.selected),
    ...estimate(summary.headroomRecovered),
    comparison.mixed.problems,
    ...estimate(summary.mixed?.selected ?? null),
    ...estimate(summary.mixed?.auc ?? null),
    comparison.baseline,
    ...estimate(summary.difference.selected),
    summary.difference.gained.length,
    summary.difference.lost.length,
    summary.difference.pValue,
  ];
}

/** Where a selector had its evidence nowhere: what it was compared on, and no figures. */
function nothing(comparison: Comparison): Cell[] {
  const empty = (count: number): Cell[] => Array.from({ length: count }, () => null);
  return [...empty(6), comparison.mixed.problems, ...empty(6), comparison.baseline, ...empty(6)];
}

function estimate(value: { value: number; low: number; high: number } | null): Cell[] {
  return value === null ? [null, null, null] : [value.value, value.low, value.high];
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: Cell): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
