/** What running a program showed; a field is absent when the problem gives nothing to run. */
export interface ExecutionEvidence {
  /** Minus the number of functions with something wrong; the lowest safe integer for what does not compile. */
  readonly soundness?: number;
  /** Verdicts of the statement's examples; null where it leaves several answers open. */
  readonly exampleResults?: readonly (boolean | null)[];
  /** Hash of the answer to every further input, in the same order for all; null where it gave none. */
  readonly probeAnswers?: readonly (string | null)[];
  /**
   * Inputs near the statement's bounds that it answers in time and without an error. 0 without a run for a program
   * that does worse on the examples than another.
   */
  readonly largeInputsAnswered?: number;
  /** CPU milliseconds of the slowest of these runs; absent where none ran. */
  readonly largeCpuMs?: number;
}
