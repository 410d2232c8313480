/** Stable names of everything that can go wrong on purpose. Scripts may rely on them. */
export type ErrorCode =
  | "usage"
  | "input"
  | "no-candidate"
  | "api"
  | "budget"
  | "model"
  | "grading"
  | "interrupted";

/** Exit code of the process for each error code (product: 0 done, 1 a defect of funprm). */
export const EXIT_CODE: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  input: 2,
  model: 2,
  "no-candidate": 3,
  api: 4,
  budget: 4,
  grading: 5,
  interrupted: 130,
};

/**
 * The root of all expected errors. The message says what was expected, what came and what to do;
 * anything else that reaches main.ts is a defect of funprm and is shown with its stack.
 */
export class FunprmError extends Error {
  override readonly name = "FunprmError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
