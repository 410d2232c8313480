/** The table of selectors: what a bench prints and what every report opens with. */
import { type Comparison, isBlind, type SelectorSummary } from "../bench/statistics/compare-selectors.ts";
import {
  counted,
  countedRows,
  NO_EVIDENCE,
  NO_FIGURE,
  percent,
  percentWithInterval,
  pointsWithInterval,
  pValue,
  unit,
  whole,
} from "./figures.ts";
import type { ReportData } from "../bench/results/report-data.ts";
import type { TextTable } from "./text-table.ts";

/** `166 problems, 830 candidates; 49 mixed groups (random 46.5 %); differences are against first`. */
export function comparisonCaption(comparison: Comparison): string {
  const { candidates, mixed, baseline } = comparison;
  const chance = mixed.problems === 0 ? "" : ` (random ${percent(mixed.random)} %)`;
  return (
    `${countedRows(comparison)}, ${counted(candidates, "candidate")}; ` +
    `${counted(mixed.problems, "mixed group")}${chance}; differences are against ${baseline}`
  );
}

interface Column {
  readonly header: string;
  readonly cell: (summary: SelectorSummary, baseline: boolean) => string;
}

const COLUMNS: readonly Column[] = [
  { header: "selector", cell: ({ name }) => name },
  { header: "selected %", cell: ({ selected }) => percentWithInterval(selected) },
  {
    header: "headroom",
    cell: ({ headroomRecovered: share }) => (share === null ? NO_FIGURE : percent(share.value)),
  },
  { header: "mixed", cell: ({ mixed }) => (mixed === null ? NO_FIGURE : percent(mixed.selected.value)) },
  { header: "AUC", cell: ({ mixed }) => (mixed === null ? NO_FIGURE : unit(mixed.auc.value)) },
  {
    header: "difference",
    cell: ({ difference }, baseline) => (baseline ? "baseline" : pointsWithInterval(difference.selected)),
  },
  {
    header: "+/−",
    cell: ({ difference: { gained, lost } }, baseline) => (baseline ? "" : `${gained.length}/${lost.length}`),
  },
  { header: "p", cell: ({ difference }, baseline) => (baseline ? "" : pValue(difference.pValue)) },
  { header: "blind", cell: ({ blind }) => (blind === 0 ? "" : whole(blind)) },
];

/**
 * One row a selector in the given order, between the bounds `random` and `oracle` where no selector has their names.
 * The column `blind` is there only when some selector lacked its evidence somewhere; one that had it nowhere has no
 * figures.
 */
export function comparisonTable(comparison: Comparison): TextTable {
  const columns = COLUMNS.filter(
    ({ header }) => header !== "blind" || comparison.selectors.some(({ blind }) => blind > 0),
  );
  const rows = comparison.selectors.map((summary) => {
    const isBaseline = summary.name === comparison.baseline;
    if (!isBlind(summary, comparison)) return columns.map(({ cell }) => cell(summary, isBaseline));
    return columns.map(({ header, cell }) => {
      if (header === "selector" || header === "blind") return cell(summary, isBaseline);
      return header === "selected %" ? NO_EVIDENCE : NO_FIGURE;
    });
  });
  return { header: columns.map(({ header }) => header), rows: withBounds(comparison, rows) };
}

function withBounds(comparison: Comparison, rows: readonly string[][]): string[][] {
  const { random, oracle, mixed, selectors } = comparison;
  const has = (name: string): boolean => selectors.some((summary) => summary.name === name);
  const onMixed = (share: string): string => (mixed.problems === 0 ? NO_FIGURE : share);
  const ofHeadroom = (share: string): string => (oracle.value > random.value ? share : NO_FIGURE);
  return [
    ...(has("random")
      ? []
      : [
          [
            "random",
            percentWithInterval(random),
            ofHeadroom("0.0"),
            onMixed(percent(mixed.random)),
            onMixed(".500"),
          ],
        ]),
    ...rows,
    ...(has("oracle")
      ? []
      : [["oracle", percentWithInterval(oracle), ofHeadroom("100.0"), onMixed("100.0"), onMixed("1.00")]]),
  ];
}

/** Up to so many columns have intervals with the shares; with more, a line would be too long. */
const COLUMNS_WITH_INTERVAL = 3;

/** One row a selector, one column a value of the group with its number of problems. */
export function groupTable(group: ReportData["groups"][number]): TextTable {
  const format = group.values.length <= COLUMNS_WITH_INTERVAL ? percentWithInterval : shareOnly;
  const names = [
    ...new Set(group.values.flatMap(({ comparison }) => comparison.selectors.map(({ name }) => name))),
  ];
  const row = (name: string, pick: (comparison: Comparison) => string): string[] => [
    name,
    ...group.values.map(({ comparison }) => pick(comparison)),
  ];
  return {
    header: [
      group.name,
      ...group.values.map(({ value, comparison }) => `${value} (${whole(comparison.problems)})`),
    ],
    rows: [
      ...(names.includes("random") ? [] : [row("random", ({ random }) => format(random))]),
      ...names.map((name) =>
        row(name, ({ problems, selectors }) => {
          const summary = selectors.find((each) => each.name === name);
          if (summary === undefined) return NO_FIGURE;
          return isBlind(summary, { problems }) ? NO_EVIDENCE : format(summary.selected);
        }),
      ),
      ...(names.includes("oracle") ? [] : [row("oracle", ({ oracle }) => format(oracle))]),
    ],
  };
}

function shareOnly({ value }: { readonly value: number }): string {
  return percent(value);
}
