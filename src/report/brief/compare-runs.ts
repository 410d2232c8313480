/** Two runs on the same problems: what the second one gains and loses. */
import { bootstrapMeans, type Estimate, mean, percentileInterval } from "../../bench/statistics/bootstrap.ts";
import { mcnemarExact } from "../../bench/statistics/mcnemar.ts";
import { FunprmError } from "../../core/errors.ts";
import { counted, percent, pointsWithInterval, pEquals } from "../figures.ts";
import { markdownText } from "../text-table.ts";
import { readProblemReports, readResults, refuseWithoutProblems } from "../run-folder.ts";
import { usedCandidate } from "../run-statistics.ts";

/** One side of a comparison: a run's folder, and whose choices count; default: the selector that its pages show. */
export interface ComparedRun {
  readonly folder: string;
  readonly select?: string | undefined;
}

export interface RunDifference {
  readonly selectors: readonly [string, string];
  /** Problems that both runs hold, and that only the first or the second one does. */
  readonly problems: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Shares of the common problems whose chosen program passes. */
  readonly selected: readonly [number, number];
  /** Second less first, paired over problems. */
  readonly difference: Estimate;
  /** Problems that only the second run solves, and that only the first one does. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** McNemar's exact test, two-sided. */
  readonly pValue: number;
}

/** @throws FunprmError `input` for what is no run, or runs without a common problem; `usage` for an unknown selector */
export async function compareRuns(first: ComparedRun, second: ComparedRun): Promise<RunDifference> {
  const [before, after] = [await choicesOf(first), await choicesOf(second)];
  const pairs = [...before.rows].flatMap(([id, rows]) => pairsOf(id, rows, after.rows.get(id) ?? []));
  if (pairs.length === 0)
    throw new FunprmError("input", `${first.folder} and ${second.folder} have no problem in common`);
  const common = pairs.map(({ name }) => name);
  const [old, now] = [pairs.map((pair) => pair.old), pairs.map((pair) => pair.now)];
  const change = now.map((value, at) => value - (old[at] ?? 0));
  const [means = new Float64Array()] = bootstrapMeans([change]);
  const gained = common.filter((_, at) => change[at] === 1);
  const lost = common.filter((_, at) => change[at] === -1);
  return {
    selectors: [before.selector, after.selector],
    problems: common.length,
    onlyFirst: before.count - common.length,
    onlySecond: after.count - common.length,
    selected: [mean(old), mean(now)],
    difference: { value: mean(change), ...percentileInterval(means) },
    gained,
    lost,
    pValue: mcnemarExact(gained.length, lost.length),
  };
}

/** A row of a run: a problem, with the candidates of one sampler where the samplers are kept apart. */
interface Row {
  /** The sampler, where all its candidates name the same. */
  readonly model: string | undefined;
  readonly passed: number;
}

interface Choices {
  readonly selector: string;
  /** By the problem's id, in the order of the run. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly count: number;
}

interface Pair {
  readonly name: string;
  readonly old: number;
  readonly now: number;
}

/**
 * Rows of one problem that belong together: by the sampler where each row of a run has another one, so that runs may hold
 * them in any order; else by their places.
 */
function pairsOf(id: string, before: readonly Row[], after: readonly Row[]): Pair[] {
  const several = before.length > 1 || after.length > 1;
  const byModel = several && haveDistinctModels(before) && haveDistinctModels(after);
  return before.flatMap(({ model, passed }, at) => {
    const partner = byModel ? after.find((row) => row.model === model) : after[at];
    const name = byModel ? `${id} (${model ?? ""})` : at === 0 ? id : `${id} (${at + 1})`;
    return partner === undefined ? [] : [{ name, old: passed, now: partner.passed }];
  });
}

function haveDistinctModels(rows: readonly Row[]): boolean {
  const models = new Set(rows.map(({ model }) => model));
  return models.size === rows.length && !models.has(undefined);
}

async function choicesOf({ folder, select }: ComparedRun): Promise<Choices> {
  const data = await readResults(folder);
  await refuseWithoutProblems(folder);
  const selector = select ?? data?.shownSelector;
  if (selector === undefined)
    throw new FunprmError("input", `${folder}: an unfinished run shows no selector: name one with --select`);
  const rows = new Map<string, Row[]>();
  let count = 0;
  for await (const problem of readProblemReports(folder)) {
    const used = usedCandidate(problem, selector);
    if (used === undefined) continue;
    const { id, candidates } = problem;
    const [model, ...others] = new Set(candidates.map((each) => each.model));
    const passed = Number(candidates[used]?.passed === true);
    rows.set(id, [...(rows.get(id) ?? []), { model: others.length === 0 ? model : undefined, passed }]);
    count += 1;
  }
  if (count > 0) return { selector, rows, count };
  const known = data?.comparison.selectors.map(({ name }) => name);
  const one = known === undefined ? "" : `, one of ${known.join(", ")}`;
  throw new FunprmError("usage", `${folder}: expected a selector of this run${one}; got "${selector}"`);
}

/** Markdown, for a terminal and for a pull request. */
export function differenceText(difference: RunDifference, names: readonly [string, string]): string {
  const { problems, selected, selectors, gained, lost, onlyFirst, onlySecond } = difference;
  const side = (at: 0 | 1): string =>
    `${markdownText(names[at])} (${markdownText(selectors[at])}) ${percent(selected[at])} %`;
  const list = (title: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : ["", `${title}: ${ids.map(markdownText).join(", ")}`];
  const left = onlyFirst + onlySecond;
  return [
    `**${pointsWithInterval(difference.difference)} points** on ${counted(problems, "common problem")}: ${side(0)}, ${side(1)}.`,
    `${gained.length} gained, ${lost.length} lost, p ${pEquals(difference.pValue)} (McNemar); interval 95 %, bootstrap over problems.`,
    ...(left === 0
      ? []
      : [`${counted(left, "problem")} that only one run has ${left === 1 ? "is" : "are"} left out.`]),
    ...list("Gained", gained),
    ...list("Lost", lost),
    "",
  ].join("\n");
}
