import { FunprmError } from "../core/errors.ts";

/**
 * How far a failure reaches: this `sample` only (retries used up, others may still do), every sample of this
 * `prompt` (too long for the model, say), or the whole `run` (wrong key, wrong model, server gone).
 */
export type FailureScope = "sample" | "prompt" | "run";

/** A request that failed for good. */
export class ApiFailure extends FunprmError {
  readonly scope: FailureScope;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: {
      readonly scope: FailureScope;
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
    },
    options?: ErrorOptions,
  ) {
    super("api", message, options);
    this.scope = about.scope;
    this.status = about.status;
    this.retryAfterMs = about.retryAfterMs;
  }
}

/** Whether a failure of one problem's samples is one of every problem's: a summary names what it was as its cause. */
export function concernsAll(failure: FunprmError): boolean {
  return failure.cause instanceof FunprmError ? scopeOf(failure.cause) === "run" : scopeOf(failure) === "run";
}

/** Whether sampling ended because the API failed or the budget did: what came before is still worth a choice. */
export function endsSampling(error: unknown): error is FunprmError {
  return error instanceof FunprmError && (error.code === "api" || error.code === "budget");
}

/** Everything but an ApiFailure (no budget left, interrupted, a defect) concerns the run. */
export function scopeOf(error: unknown): FailureScope {
  return error instanceof ApiFailure ? error.scope : "run";
}
