/** A run's folder to everything that people and machines read of it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { unwritable } from "../files/write-refusal.ts";
import { FunprmError } from "../core/errors.ts";
import { loadPythonParser } from "../steps/index.ts";
import { writeFileSet } from "../files/file-set.ts";
import { summaryLines } from "./brief/summary-lines.ts";
import { selectorsCsv } from "./csv.ts";
import { JunitCases } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";
import { ProblemPacker } from "./pack.ts";
import { ASSETS } from "./page/assets.ts";
import { documentPieces } from "./page/document.ts";
import { ProblemIndex } from "./problem-index.ts";
import type { ProblemReport, ReportData } from "../bench/results/report-data.ts";
import { finishKilledSwap } from "../bench/results/new-results.ts";
import { assembleUnfinished } from "../bench/unfinished-run.ts";
import { PAGE, type ReportFile } from "./report-files.ts";
import { readProblemReports, readResults, refuseWithoutProblems } from "./run-folder.ts";
import { RunReadability } from "./readability/run-readability.ts";
import { RunStatistics } from "./run-statistics.ts";
import { unfinishedData } from "./unfinished-data.ts";

export interface RenderOptions {
  /** Folder for the files; default: the run's own. */
  readonly out?: string;
  /** Whose choice is shown first; default: the bench's. */
  readonly select?: string;
  /** Stands at the head of the pages instead of the bench's own title. */
  readonly title?: string;
  /** Measures how readable the programs are too: some milliseconds a program. */
  readonly readability?: boolean;
  readonly onProgress?: (problems: number) => void;
  /** Given five lines for a pull request, Markdown. */
  readonly onSummary?: (lines: readonly string[]) => void;
}

/**
 * Renders a run, finished or not, as `report.html`, `report.md`, `report.json`, `selectors.csv` and `junit.xml`, all of
 * them or none. Problems stream through: memory holds the packed page and a row a problem.
 *
 * @returns the path of the HTML page
 * @throws FunprmError `input` for a folder that is no run or cannot be written, `usage` for a selector that the run did
 *   not compare
 */
export async function renderRun(folder: string, options: RenderOptions = {}): Promise<string> {
  const out = options.out ?? folder;
  let torn = false;
  const run = await openRun(folder, () => (torn = true));
  const titled = options.title === undefined ? run.data : { ...run.data, title: options.title };
  const selected = withShownSelector(titled, options.select);
  const shown = selected.shownSelector;

  const statistics = new RunStatistics(shown);
  const index = new ProblemIndex(shown, selected.comparison.baseline);
  const cases = new JunitCases(shown);
  const packer = new ProblemPacker();
  const readability = options.readability === true ? new RunReadability(shown) : undefined;
  if (readability !== undefined) await loadPythonParser();
  for await (const problem of run.problems()) {
    statistics.add(problem);
    index.add(problem);
    cases.add(problem);
    readability?.add(problem);
    await packer.add(problem);
    options.onProgress?.(statistics.problems);
  }
  const measured = { ...selected, readability: [...selected.readability, ...(readability?.rows() ?? [])] };
  const data = withNotes(measured, statistics, torn);

  const chunks = await packer.finish();
  await makeFolder(out);
  const files = {
    [PAGE]: documentPieces({ data, statistics, index, chunks }, ASSETS),
    "report.md": reportMarkdown(data, statistics),
    "report.json": `${JSON.stringify(data, null, 1)}\n`,
    "selectors.csv": selectorsCsv(data),
    "junit.xml": cases.finish(data.title),
  } satisfies Record<ReportFile, unknown>;
  try {
    await writeFileSet(out, { name: "report", work: "report" }, files);
  } catch (error) {
    throw unwritable(out, error);
  }
  options.onSummary?.(summaryLines(data));
  return join(out, PAGE);
}

interface Run {
  readonly data: ReportData;
  readonly problems: () => AsyncIterable<ProblemReport> | Iterable<ProblemReport>;
}

/** A bench's figures and problems as it wrote them; of one that was killed before, out of what is finished. */
async function openRun(folder: string, onTorn: () => void): Promise<Run> {
  await finishKilledSwap(folder);
  const problems = (): AsyncIterable<ProblemReport> => readProblemReports(folder, onTorn);
  const data = await readResults(folder);
  if (data !== undefined) return { data, problems };
  const unfinished = await assembleUnfinished(folder);
  if (unfinished !== undefined) return unfinished;
  await refuseWithoutProblems(folder);
  return { data: await unfinishedData(readProblemReports(folder), folder), problems };
}

function withShownSelector(data: ReportData, select: string | undefined): ReportData {
  const names = data.comparison.selectors.map(({ name }) => name);
  if (select === undefined) return data;
  if (names.includes(select)) return { ...data, shownSelector: select };
  throw new FunprmError(
    "usage",
    `--select: expected a selector of this run, one of ${names.join(", ")}; got "${select}"`,
  );
}

/** What the two files together say that each alone does not. */
function withNotes(data: ReportData, { problems }: RunStatistics, torn: boolean): ReportData {
  const expected = data.comparison.problems;
  const notes = [
    ...data.notes,
    ...(torn ? ["The last line of problems.jsonl was cut off and is left out."] : []),
    ...(problems < expected
      ? [`problems.jsonl holds ${problems} of the ${expected} problems that the figures are of.`]
      : []),
  ];
  return { ...data, notes, complete: data.complete && !torn && problems >= expected };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunprmError("usage", `--out ${path}: cannot be made: ${reason}`, { cause: error });
  }
}
