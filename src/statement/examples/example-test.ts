import type { TestCase } from "../../core/problem.ts";

/** How an example's output may differ from the one shown and still be right, as far as the statement says. */
export interface ComparisonHints {
  /** Several outputs are right: one that equals the example's is, one that differs is not known to be wrong. */
  readonly anyAnswer?: boolean;
  /** Numbers may differ by this much, absolutely or relatively. */
  readonly tolerance?: number;
  /** Letters may be in any case (`YES`, `yes`). */
  readonly anyCase?: boolean;
  /** The elements of the outermost list may come in any order. */
  readonly anyOrder?: boolean;
}

/** A test that the statement itself shows. */
export interface ExampleTest extends ComparisonHints {
  readonly test: TestCase;
}
