import { counted, percent, percentWithInterval } from "./figures.ts";
import type { ReportData } from "../bench/results/report-data.ts";
import { roundsTable } from "./rounds-table.ts";
import { comparisonTable, groupTable } from "./selector-table.ts";
import { alignedText, type TextTable } from "./text-table.ts";
import { printable } from "../console/printable.ts";

/** Sizes of a sweep that fit on a line with a name. */
const MOST_SIZES = 9;

/** A view as text for a terminal of 120 columns: bounds, selectors, selected by N and by group, notes. */
export function benchTables(data: ReportData, { groups }: { readonly groups: boolean }): string {
  const parts = [
    heading(data),
    aligned(comparisonTable(data.comparison)),
    sweepTable(data),
    data.rounds.length === 0 ? "" : aligned(roundsTable(data.rounds)),
    ...(groups ? data.groups.map((group) => aligned(named(`% by ${group.name}`, groupTable(group)))) : []),
    data.notes.map((note) => `note: ${note}\n`).join(""),
  ];
  return printable(parts.filter((part) => part !== "").join("\n"));
}

/** Names come from candidates and problems, and what is shown of them has another length. */
function aligned({ header, rows }: TextTable): string {
  return alignedText({ header: header.map(printable), rows: rows.map((cells) => cells.map(printable)) });
}

function heading({ title, complete, comparison, passAtK }: ReportData): string {
  const { problems, distinctProblems, candidates, random, oracle, mixed, baseline } = comparison;
  const of = distinctProblems === undefined ? "" : ` of ${counted(distinctProblems, "problem")}`;
  const both = mixed.problems === 0 ? "" : `, random ${percent(mixed.random)} % there`;
  const lines = [
    `${title}${complete ? "" : " (cut short)"}`,
    `${counted(problems, "row")}${of}, ${counted(candidates, "candidate")}: random ${percentWithInterval(random)} %, oracle ${percentWithInterval(oracle)} %`,
    `${counted(mixed.problems, "row")} with both outcomes (mixed)${both}; differences in points against ${baseline}`,
    ...(passAtK.length < 2 ? [] : [passAtK.map(({ k, value }) => `pass@${k} ${percent(value)}`).join("   ")]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function sweepTable({ sweeps }: ReportData): string {
  const [first] = sweeps;
  if (first === undefined) return "";
  const header = ["% by N", ...first.points.slice(0, MOST_SIZES).map(({ n }) => `N=${n}`)];
  const rows = sweeps.map(({ selector, points }) => [
    selector,
    ...points.slice(0, MOST_SIZES).map(({ selected }) => percent(selected)),
  ]);
  return aligned({ header, rows });
}

function named<T extends { readonly header: readonly string[] }>(name: string, table: T): T {
  return { ...table, header: [name, ...table.header.slice(1)] };
}
