import type { Selector } from "../../core/selector.ts";
import type { GradedProblem, Pick } from "../statistics/outcome.ts";
import type { GatheredGroup } from "../pool-evidence.ts";

/** What a selector made of a group; indices are positions among the group's candidates. */
export interface Choice {
  readonly selector: string;
  readonly chosen: number | null;
  readonly best: readonly number[];
  readonly decidedBy: string | null;
  readonly unavailable?: string;
}

/** A group as the statistics see it. Candidates without a verdict are no part of it: nothing is known about them. */
export interface JudgedGroup {
  readonly gathered: GatheredGroup;
  readonly graded: GradedProblem;
  /** Positions of the judged candidates among the group's. */
  readonly judged: readonly number[];
}

/** null when no candidate of the group has a verdict. */
export function judgedGroup(
  gathered: GatheredGroup,
  groups: Readonly<Record<string, string>>,
): JudgedGroup | null {
  const judged = gathered.judgements.flatMap(({ passed }, index) => (passed === null ? [] : [index]));
  if (judged.length === 0) return null;
  const { group } = gathered;
  const passed = judged.map((index) => gathered.judgements[index]?.passed === true);
  return { gathered, judged, graded: { problemId: group.id, cluster: group.problem.id, passed, groups } };
}

/** A selector's choice, for the page, and as the statistics take it: null where it lacked its evidence. */
export function groupChoice(
  { gathered, judged }: JudgedGroup,
  selector: Selector,
): { readonly choice: Choice; readonly pick: Pick | null } {
  const selection = selector.select(judged.flatMap((index) => gathered.pool[index] ?? []));
  const { name } = selector;
  if ("unavailable" in selection) {
    const { unavailable } = selection;
    const all = judged.map((_, position) => position);
    // Where every choice comes to the same, none is blind.
    const pick = gathered.settled
      ? { best: all, chosen: 0, scores: all.map(() => 0), idle: true as const }
      : null;
    // Chosen blindly: the first of those that count.
    const chosen = judged[0] ?? null;
    return { choice: { selector: name, chosen, best: [], decidedBy: null, unavailable }, pick };
  }
  const { best, chosen, decidedBy } = selection;
  const place = (index: number): number => judged[index] ?? index;
  return {
    choice: {
      selector: name,
      chosen: chosen === null ? null : place(chosen),
      best: best.map(place),
      decidedBy,
    },
    pick: selection,
  };
}
