/** One page over many runs: the folders inside a folder that a bench has written to. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FunprmError } from "../../core/errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import { countedRows, percent, percentWithInterval } from "../figures.ts";
import { html, type Markup } from "../html.ts";
import { ASSETS } from "../page/assets.ts";
import { documentHead } from "../page/document-head.ts";
import { PAGE } from "../report-files.ts";
import { readResults } from "../run-folder.ts";

const INDEX = "index.html";

interface IndexedRun {
  readonly folder: string;
  readonly data: ReportData;
  /** Whether it has a page to go to. */
  readonly hasPage: boolean;
  /** Time of its results, in ms. */
  readonly changed: number;
}

/**
 * Writes `index.html` into a folder of runs, newest run first. Folders without results are passed over.
 *
 * @returns its path
 * @throws FunprmError `input` when there is no such folder, or no run in it
 */
export async function writeIndexPage(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new FunprmError("input", `${folder}: expected a folder of runs, and it cannot be read`, { cause });
  });
  const runs: IndexedRun[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const results = await stat(join(folder, entry.name, "results.json")).catch(() => undefined);
    const data = results && (await readResults(join(folder, entry.name)));
    if (results === undefined || data === undefined) continue;
    const page = await stat(join(folder, entry.name, PAGE)).catch(() => undefined);
    runs.push({ folder: entry.name, data, hasPage: page !== undefined, changed: results.mtimeMs });
  }
  if (runs.length === 0)
    throw new FunprmError(
      "input",
      `${folder}: expected folders that \`funprm bench --out\` wrote, found none`,
    );
  const path = join(folder, INDEX);
  await writeFileAtomically(path, indexPage(runs.toSorted((a, b) => b.changed - a.changed)));
  return path;
}

function indexPage(runs: readonly IndexedRun[]): string {
  const table = html`<main>
    <header class="head"><h1>${String(runs.length)} runs</h1></header>
    <div class="scroll">
      <table class="figures plain">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">What was compared</th>
            <th scope="col">Problems</th>
            <th scope="col">Shown selector</th>
            <th scope="col">Selected, %</th>
            <th scope="col">Random, %</th>
            <th scope="col">Oracle, %</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map(row)}
        </tbody>
      </table>
    </div>
  </main>`;
  return [
    documentHead("Runs", ASSETS.style, [`style-src '${ASSETS.styleHash}'`]),
    "<body>",
    table.text,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function row({ folder, data, hasPage }: IndexedRun): Markup {
  const { comparison, shownSelector } = data;
  const shown = comparison.selectors.find(({ name }) => name === shownSelector);
  const place = encodeURIComponent(folder);
  return html`<tr>
    <th scope="row">${hasPage ? html`<a href="${place}/${PAGE}">${folder}</a>` : folder}</th>
    <td>${data.title}${data.complete ? null : " (unfinished)"}</td>
    <td>${countedRows(comparison)}</td>
    <td>${shownSelector}</td>
    <td>${shown === undefined ? "" : percentWithInterval(shown.selected)}</td>
    <td>${percent(comparison.random.value)}</td>
    <td>${percent(comparison.oracle.value)}</td>
  </tr>`;
}
