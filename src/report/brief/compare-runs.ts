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
  const common = [...before.passed.keys()].filter((id) => after.passed.has(id));
  if (common.length === 0)
    throw new FunprmError("input", `${first.folder} and ${second.folder} have no problem in common`);
  const passes = (side: Choices): number[] => common.map((id) => Number(side.passed.get(id)));
  const [old, now] = [passes(before), passes(after)];
  const change = now.map((value, at) => value - (old[at] ?? 0));
  const [means = new Float64Array()] = bootstrapMeans([change]);
  const gained = common.filter((_, at) => change[at] === 1);
  const lost = common.filter((_, at) => change[at] === -1);
  return {
    selectors: [before.selector, after.selector],
    problems: common.length,
    onlyFirst: before.passed.size - common.length,
    onlySecond: after.passed.size - common.length,
    selected: [mean(old), mean(now)],
    difference: { value: mean(change), ...percentileInterval(means) },
    gained,
    lost,
    pValue: mcnemarExact(gained.length, lost.length),
  };
}

interface Choices {
  readonly selector: string;
  /** By the problem's id; where several rows share it (several samplers), their places are told apart. */
  readonly passed: ReadonlyMap<string, boolean>;
}

async function choicesOf({ folder, select }: ComparedRun): Promise<Choices> {
  const data = await readResults(folder);
  await refuseWithoutProblems(folder);
  const selector = select ?? data?.shownSelector;
  if (selector === undefined)
    throw new FunprmError("input", `${folder}: an unfinished run shows no selector: name one with --select`);
  const passed = new Map<string, boolean>();
  const seen = new Map<string, number>();
  for await (const problem of readProblemReports(folder)) {
    const used = usedCandidate(problem, selector);
    if (used === undefined) continue;
    const times = seen.get(problem.id) ?? 0;
    seen.set(problem.id, times + 1);
    const id = times === 0 ? problem.id : `${problem.id} (${times + 1})`;
    passed.set(id, problem.candidates[used]?.passed === true);
  }
  if (passed.size > 0) return { selector, passed };
  const known = data?.comparison.selectors.map(({ name }) => name) ?? [];
  throw new FunprmError(
    "usage",
    `${folder}: expected a selector of this run, one of ${known.join(", ")}; got "${selector}"`,
  );
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
