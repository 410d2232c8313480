/** How a program is cut into steps. `function` is FunPRM's, `line` PSGPO's; `program` makes the PRM an ORM. */
export type StepSize = "function" | "line" | "program";

export const STEP_SIZES: readonly StepSize[] = ["function", "line", "program"];

/** A contiguous span of a program; a program's steps follow each other without gaps, so their texts join to it. */
export interface Step {
  /** Position among the program's steps, from 0. */
  readonly index: number;
  readonly kind: "function" | "method" | "module" | "line";
  /** `solve`, `Solution.twoSum`; null for module code and lines. */
  readonly name: string | null;
  /** First and last line of the span, from 1. */
  readonly startLine: number;
  readonly endLine: number;
  /** Offsets into the program in UTF-16 code units, end exclusive: `code.slice(start, end)` is the step. */
  readonly start: number;
  readonly end: number;
  /** false when the step's code is cut off or does not parse. */
  readonly complete: boolean;
}

/** The text of every step; joined, they are `code`. */
export function stepTexts(code: string, steps: readonly Step[]): string[] {
  return steps.map((step) => code.slice(step.start, step.end));
}
