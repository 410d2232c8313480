/** What running a program showed; a field is absent when the problem gives nothing to run. */
export interface ExecutionEvidence {
  /** Verdicts of the statement's examples; null where it leaves several answers open. */
  readonly exampleResults?: readonly (boolean | null)[];
  /** Equal for programs that answer all probe inputs alike; null for one that answers none. */
  readonly outputSignature?: string | null;
  /**
   * Inputs near the statement's bounds that it answers in time and without an error. 0 without a run for a program
   * that does worse on the examples than another.
   */
  readonly largeInputsAnswered?: number;
}
