/** The whole page in pieces: one file that asks nothing of any network and runs nothing but its own script. */
import { whole } from "../figures.ts";
import { html, jsonForScript, type Content, type Markup } from "../html.ts";
import { PROBLEMS_PER_CHUNK } from "../pack.ts";
import type { ProblemIndex } from "../problem-index.ts";
import type { ReportData } from "../../bench/results/report-data.ts";
import type { RunStatistics } from "../run-statistics.ts";
import type { Assets } from "./assets.ts";
import { documentHead } from "./document-head.ts";
import { helpDialog, problemListView, problemView } from "./shells.ts";
import { summaryView } from "./summary.ts";

export interface PageContent {
  readonly data: ReportData;
  readonly statistics: RunStatistics;
  readonly index: ProblemIndex;
  /** Packed problems, see pack.ts. */
  readonly chunks: readonly string[];
}

/** Pieces to be written one after the other, so that the page never has to be one string. */
export function* documentPieces(
  { data, statistics, index, chunks }: PageContent,
  assets: Assets,
): Generator<string> {
  const numbers = new Map(index.entries.map((entry, at) => [entry.i, at + 1]));
  const link = (id: string): Content => {
    const number = numbers.get(id);
    return number === undefined ? id : html`<a href="#problem-${number}">${id}</a>`;
  };
  const head = documentHead(data.title, assets.style, [
    `style-src '${assets.styleHash}'`,
    `script-src '${assets.scriptHash}'`,
    // Charts that are saved as PNG are drawn from a picture that the page itself makes.
    "img-src blob:",
  ]);
  yield [head, "<body>", ""].join("\n");
  yield body(data, statistics, index, link).text;
  yield `\n<script type="application/json" id="index">${jsonForScript(listIndex(data, index))}</script>\n`;
  yield `<script>${assets.script}</script>\n`;
  for (const [at, chunk] of chunks.entries()) {
    yield `<script type="application/gzip" id="chunk-${at}">${chunk}</script>\n`;
  }
  yield "</body>\n</html>\n";
}

function body(
  data: ReportData,
  statistics: RunStatistics,
  index: ProblemIndex,
  link: (id: string) => Content,
): Markup {
  return html`<div class="top">
      <span class="brand">funprm</span>
      <nav aria-label="Views">
        <a href="#summary" data-view="summary" aria-current="page">Summary</a>
        <a href="#problems" data-view="problems"
          >Problems <span class="count">${whole(index.entries.length)}</span></a
        >
      </nav>
      <span class="tools"
        ><button type="button" id="help-button" title="Keyboard (?)">Keys</button>
        <button type="button" id="theme" title="Colours: as the system, light, dark">
          Theme: system
        </button></span
      >
    </div>
    <main>
      <noscript
        ><p class="banner">
          The problems need JavaScript, which this browser does not run here. The summary below is complete.
        </p></noscript
      >${summaryView(data, statistics, link)}${problemListView()}${problemView()}
    </main>
    ${helpDialog()}
    <div id="live" class="hidden" role="status" aria-live="polite"></div>`;
}

/** What the script reads first: see client/data.js. */
function listIndex(data: ReportData, index: ProblemIndex): Readonly<Record<string, unknown>> {
  return {
    shown: data.shownSelector,
    baseline: data.comparison.baseline,
    perChunk: PROBLEMS_PER_CHUNK,
    facts: index.facts,
    entries: index.entries,
  };
}
