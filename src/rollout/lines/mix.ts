import type { LabelledProgram } from "./collect-lines.ts";
import type { LineProgram } from "./line-program.ts";

/** Data mixes of PSGPO, as `--mix` names them. */
export const MIXES = ["full", "medium", "revised"] as const;
export type Mix = (typeof MIXES)[number];

/**
 * Whether a program belongs to a mix. `medium`: its problem has programs that pass and programs that fail. `revised`: it
 * fails, and some beginning of it can be completed to a program that passes.
 */
export function belongs({ passed, labels }: LabelledProgram, mix: Mix, isMedium: boolean): boolean {
  switch (mix) {
    case "full":
      return passed !== null;
    case "medium":
      return passed !== null && isMedium;
    case "revised":
      return passed === false && labels.includes(1);
  }
}

/** The problems with programs of both kinds. */
export function mediumProblems(
  labelled: readonly { readonly program: LineProgram; readonly passed: boolean | null }[],
): Set<string> {
  const outcomes = new Map<string, Set<boolean | null>>();
  for (const { program, passed } of labelled) {
    const { problemId } = program.candidate;
    outcomes.set(problemId, (outcomes.get(problemId) ?? new Set()).add(passed));
  }
  return new Set([...outcomes].flatMap(([id, seen]) => (seen.has(true) && seen.has(false) ? [id] : [])));
}
