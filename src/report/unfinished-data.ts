/** Figures of a run whose bench was killed before it wrote any: what the finished problems alone can tell. */
import { compareByGroup, compareSelectors } from "../bench/statistics/compare-selectors.ts";
import type { GradedProblem, Pick } from "../bench/statistics/outcome.ts";
import type { Comparison } from "../bench/statistics/compare-selectors.ts";
import { FunprmError } from "../core/errors.ts";
import type { ProblemReport, ReportData } from "../bench/results/report-data.ts";

/** Facts with more values than this are no groups. */
const MOST_VALUES = 12;

/**
 * The comparison that the finished problems allow, in one pass over them. AUC is left out, since problem reports hold
 * choices and no scores. The baseline is the first selector, the shown one is `auto` or else the last.
 *
 * @throws FunprmError `input` when no problem is finished
 */
export async function unfinishedData(
  problems: AsyncIterable<ProblemReport>,
  folder: string,
): Promise<ReportData> {
  const graded: (GradedProblem & { readonly groups: Readonly<Record<string, string>> })[] = [];
  const picks = new Map<string, (Pick | null)[]>();
  let unjudged = 0;
  for await (const problem of problems) {
    if (problem.candidates.length === 0 || problem.candidates.some(({ passed }) => passed === null)) {
      unjudged++;
      continue;
    }
    for (const { selector, best, chosen, unavailable } of problem.choices) {
      const each = picks.get(selector) ?? [];
      // A selector that some earlier problem did not have chose blindly there.
      while (each.length < graded.length) each.push(null);
      const scores = problem.candidates.map((_, at) => Number(best.includes(at)));
      each.push(unavailable === undefined ? { best, chosen, scores } : null);
      picks.set(selector, each);
    }
    graded.push({
      problemId: problem.id,
      // Several samplers' candidates of a problem are rows with the same statement; they are resampled together.
      cluster: problem.statement || problem.id,
      passed: problem.candidates.map(({ passed }) => passed === true),
      groups: problem.facts,
    });
    for (const each of picks.values()) if (each.length < graded.length) each.push(null);
  }
  const names = [...picks.keys()];
  const [first] = names;
  if (first === undefined) {
    throw new FunprmError(
      "input",
      `${folder}: expected at least one finished problem; the bench had none yet. Run it again; it resumes.`,
    );
  }
  const options = { baseline: first };
  return {
    format: "funprm-bench-1",
    title: "Unfinished bench",
    complete: false,
    producedBy: {},
    notes: [
      "The bench had not written its figures yet: these were computed from the finished problems. AUC and selected against N are missing.",
      ...(unjudged === 0 ? [] : [`${unjudged} problems with candidates that were not judged are left out.`]),
    ],
    comparison: withoutAuc(compareSelectors(graded, picks, options)),
    groups: groupNames(graded).map((name) => ({
      name,
      values: [...compareByGroup(graded, picks, name, options)].map(([value, comparison]) => ({
        value,
        comparison: withoutAuc(comparison),
      })),
    })),
    passAtK: [],
    sweeps: [],
    rounds: [],
    readability: [],
    shownSelector: names.includes("auto") ? "auto" : (names.at(-1) ?? first),
  };
}

function groupNames(graded: readonly { readonly groups: Readonly<Record<string, string>> }[]): string[] {
  const names = new Set(graded.flatMap(({ groups }) => Object.keys(groups)));
  return [...names].filter((name) => {
    const values = new Set(graded.map(({ groups }) => groups[name]));
    return values.size > 1 && values.size <= MOST_VALUES;
  });
}

function withoutAuc(comparison: Comparison): Comparison {
  const nothing = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return {
    ...comparison,
    selectors: comparison.selectors.map((summary) => ({
      ...summary,
      mixed: summary.mixed === null ? null : { ...summary.mixed, auc: nothing },
    })),
  };
}
