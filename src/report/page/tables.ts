/** The summary's tables: selectors with their intervals drawn, groups, pass@k, readability. */
import { ROUNDS_NOTE, roundsTable } from "../rounds-table.ts";
import { type Comparison, isBlind, type SelectorSummary } from "../../bench/statistics/compare-selectors.ts";
import { barDomain, intervalBar } from "../charts/interval-bar.ts";
import { NO_EVIDENCE, NO_FIGURE, percent, points, pValue, unit, whole } from "../figures.ts";
import { html, type Content, type Markup } from "../html.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import { foldedSelectors } from "../folded-selectors.ts";
import { groupTable } from "../selector-table.ts";
import type { TextTable } from "../text-table.ts";

export function selectorRows(comparison: Comparison, shown: string, link: (id: string) => Content): Markup {
  const domain = barDomain(comparison);
  const blind = comparison.selectors.some((each) => each.blind > 0);
  const { random, oracle, mixed, selectors } = comparison;
  const has = (name: string): boolean => selectors.some((each) => each.name === name);
  const bound = (name: "random" | "oracle", recovered: string, onMixed: string, auc: string): Content =>
    has(name)
      ? null
      : html`<tr class="bound">
          <th scope="row">${name}</th>
          ${share(name === "random" ? random : oracle, comparison, domain, "bound")}
          <td>${oracle.value > random.value ? recovered : NO_FIGURE}</td>
          <td>${onMixed}</td>
          <td>${auc}</td>
          <td></td>
          <td></td>
          <td></td>
          ${blind && html`<td></td>`}
        </tr>`;
  return html`<div class="scroll">
    <table class="figures selectors">
      <thead>
        <tr>
          <th scope="col">Selector</th>
          <th scope="col" colspan="2" class="wide">Selected, % <small>95 % interval</small></th>
          <th scope="col"><abbr title="(selected − random) / (oracle − random)">Headroom</abbr> %</th>
          <th scope="col">
            <abbr
              title="selected on the ${whole(mixed.problems)} problems with passing and failing candidates"
              >Mixed</abbr
            >
            %
          </th>
          <th scope="col">
            <abbr
              title="chance that a passing candidate ranks above a failing one of the same problem; mean over mixed groups"
              >AUC</abbr
            >
          </th>
          <th scope="col">Against ${comparison.baseline}</th>
          <th scope="col">
            <abbr title="problems that only this selector solves, and that only ${comparison.baseline} solves"
              >Gained / lost</abbr
            >
          </th>
          <th scope="col"><abbr title="McNemar's exact test, two-sided">p</abbr></th>
          ${blind && html`<th scope="col"><abbr title="problems without the evidence that it needs">Blind</abbr></th>`}
        </tr>
      </thead>
      <tbody>
        ${bound("random", "0.0", mixed.problems === 0 ? NO_FIGURE : percent(mixed.random), mixed.problems === 0 ? NO_FIGURE : ".500")}${foldedSelectors(
          comparison,
          shown,
        ).map(({ summary, names }) =>
          isBlind(summary, comparison)
            ? html`<tr${summary.name === shown && html` class="shown"`}><th scope="row">${nameCell(names)}</th><td colspan="8" class="quiet">${NO_EVIDENCE}</td><td>${whole(summary.blind)}</td></tr>`
            : html`<tr${summary.name === shown && html` class="shown"`}><th scope="row">${nameCell(names)}</th>${share(summary.selected, comparison, domain, summary.name === shown ? "shown" : "")}<td>${summary.headroomRecovered === null ? NO_FIGURE : percent(summary.headroomRecovered.value)}</td><td>${summary.mixed === null ? NO_FIGURE : percent(summary.mixed.selected.value)}</td><td>${summary.mixed === null ? NO_FIGURE : unit(summary.mixed.auc.value)}</td>${against(summary, comparison.baseline, link)}${blind && html`<td>${summary.blind === 0 ? "" : whole(summary.blind)}</td>`}</tr>`,
        )}${bound("oracle", "100.0", mixed.problems === 0 ? NO_FIGURE : "100.0", mixed.problems === 0 ? NO_FIGURE : "1.00")}
      </tbody>
    </table>
  </div>`;
}

function nameCell([first, ...others]: readonly string[]): Markup {
  if (others.length === 0) return html`${first}`;
  return html`${first}<span class="equal">and, all alike: ${others.join(", ")}</span>`;
}

function share(
  estimate: SelectorSummary["selected"],
  comparison: Comparison,
  domain: readonly [number, number],
  className: string,
): Markup {
  return html`<td class="drawn">${intervalBar(estimate, comparison, domain, className)}</td>
    <td>${interval(estimate, percent)}</td>`;
}

function against(summary: SelectorSummary, baseline: string, link: (id: string) => Content): Markup {
  if (summary.name === baseline)
    return html`<td class="quiet">baseline</td>
      <td></td>
      <td></td>`;
  const { gained, lost, pValue: p, selected } = summary.difference;
  const list = (name: string, ids: readonly string[]): Content =>
    ids.length === 0
      ? null
      : html`<div class="ids">
          <b>${name}</b> ${ids.map((id, at) => html`${at > 0 && ", "}${link(id)}`)}
        </div>`;
  const counts = html`${whole(gained.length)} / ${whole(lost.length)}`;
  return html`<td>${interval(selected, points)}</td>
    <td>
      ${
        gained.length + lost.length === 0
          ? counts
          : html`<details class="pop">
              <summary>${counts}</summary>
              <div>${list("Gained", gained)}${list("Lost", lost)}</div>
            </details>`
      }
    </td>
    <td>${pValue(p)}</td>`;
}

function interval(
  { value, low, high }: SelectorSummary["selected"],
  format: (value: number) => string,
): Markup {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return html`${format(value)}`;
  return html`${format(value)} <small>[${format(low)}, ${format(high)}]</small>`;
}

export function groupDetails(group: ReportData["groups"][number]): Markup {
  return html`<details>
    <summary>Table by ${group.name}</summary>
    ${plainTable(groupTable(group))}
  </details>`;
}

export function passAtKTable(rows: ReportData["passAtK"]): Markup | null {
  if (rows.length === 0) return null;
  return plainTable({
    header: ["k", ...rows.map(({ k }) => String(k))],
    rows: [["pass@k, %", ...rows.map(({ value }) => percent(value))]],
  });
}

export function roundsDetails(rows: ReportData["rounds"]): Markup | null {
  if (rows.length === 0) return null;
  return html`<p class="caption">${ROUNDS_NOTE}</p>
    ${plainTable(roundsTable(rows))}`;
}

export function readabilityTable(rows: ReportData["readability"]): Markup | null {
  if (rows.length === 0) return null;
  return plainTable(readabilityCells(rows));
}

export function readabilityCells(rows: ReportData["readability"]): TextTable {
  const fixed = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : NO_FIGURE);
  return {
    header: [
      "programs",
      "count",
      "functions",
      "with docstring %",
      "longest function, lines",
      "cyclomatic complexity",
      "duplicated lines %",
    ],
    rows: rows.map((row) => [
      row.group,
      whole(row.programs),
      fixed(row.functionsPerProgram),
      percent(row.docstringShare),
      Number.isFinite(row.longestFunctionLines) ? row.longestFunctionLines.toFixed(1) : NO_FIGURE,
      fixed(row.cyclomaticComplexity),
      percent(row.duplicatedLineShare),
    ]),
  };
}

function plainTable({ header, rows }: TextTable): Markup {
  return html`<div class="scroll">
    <table class="figures plain">
      <thead>
        <tr>
          ${header.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
