import type { Problem } from "../../core/problem.ts";
import { slugOf } from "../../formats/suites/leetcode.ts";
import { textOfFact } from "../bench-pool.ts";
import { LIVECODEBENCH_ERRATA } from "../suites/livecodebench-errata.ts";
import type { GradedProblem } from "../statistics/outcome.ts";

/** Facts that results are grouped by. */
const GROUPED = ["difficulty", "platform"];
const SHOWN = ["difficulty", "platform", "date", "contest", "suite"];
const LISTED = "listed";
const NOT_LISTED = "not listed";

/** Groups with more values than this are no groups. */
const MOST_VALUES = 12;
const ORDER: Readonly<Record<string, readonly string[]>> = {
  difficulty: ["easy", "medium", "hard"],
  errata: [NOT_LISTED, LISTED],
};

/**
 * The upstream remark on a LiveCodeBench problem with faulty tests; undefined for all others.
 * @internal for tests
 */
export function errataOf({ id, title, meta }: Problem): string | undefined {
  if (meta["suite"] !== "livecodebench") return undefined;
  const names = [id, id.replace(/^livecodebench\//, ""), slugOf(title ?? "")];
  return names.map((name) => LIVECODEBENCH_ERRATA.get(name)).find((remark) => remark !== undefined);
}

/** The groups a problem belongs to. */
export function groupsOfProblem(problem: Problem): Readonly<Record<string, string>> {
  const facts = GROUPED.flatMap((name) => {
    const value = textOfFact(problem.meta[name]);
    return value === undefined ? [] : [[name, value]];
  });
  const errata =
    problem.meta["suite"] === "livecodebench"
      ? { errata: errataOf(problem) === undefined ? NOT_LISTED : LISTED }
      : {};
  return { ...Object.fromEntries(facts), ...errata };
}

/** Groups that tell some of the problems apart. */
export function groupNames(problems: readonly GradedProblem[]): string[] {
  return [...GROUPED, "errata"].filter((name) => {
    const values = new Set(problems.map(({ groups }) => groups?.[name]));
    return values.size > 1 && values.size <= MOST_VALUES;
  });
}

/** The place of a group's value among the others; unknown ones keep their order behind. */
export function valueOrder(name: string, value: string): number {
  const at = ORDER[name]?.indexOf(value) ?? -1;
  return at === -1 ? Number.MAX_SAFE_INTEGER : at;
}

/** What a page shows of a problem. */
export function shownFacts(problem: Problem): Readonly<Record<string, string>> {
  const facts = SHOWN.flatMap((name) => {
    const value = textOfFact(problem.meta[name]);
    return value === undefined ? [] : [[name, value]];
  });
  const errata = errataOf(problem);
  return { ...Object.fromEntries(facts), ...(errata !== undefined && { errata }) };
}
