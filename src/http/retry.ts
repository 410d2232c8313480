import type { Attempt } from "./attempt.ts";
import type { ErrorBody } from "./error-body.ts";

/** When failed requests are sent again. */
export interface RetryPolicy {
  /** Times a request is sent again. A 429 or 503 does not count while other requests succeed. */
  readonly maxRetries: number;
  /** Milliseconds before the second attempt; doubles with each further one, up to 16 times as long. */
  readonly backoffBaseMs: number;
}

/** A server that asks to wait longer is out for this run. */
export const LONGEST_RETRY_AFTER_MS = 10 * 60_000;
/** A server that has never answered is down or mistyped: say so soon. */
const RETRIES_BEFORE_FIRST_ANSWER = 3;

/** Retries that a failure deserves; `everAnswered`: some request of this run has succeeded. */
export function retriesFor(attempt: Attempt, policy: RetryPolicy, everAnswered: boolean): number {
  if (!mayHelp(attempt)) return 0;
  return attempt.kind === "unreachable" && !everAnswered
    ? Math.min(policy.maxRetries, RETRIES_BEFORE_FIRST_ANSWER)
    : policy.maxRetries;
}

/** Milliseconds to wait after the `failures`-th failure: what the server asks for, or longer. */
export function delayMs(attempt: Attempt, failures: number, policy: RetryPolicy): number {
  const asked = attempt.kind === "refused" ? (attempt.retryAfterMs ?? 0) : 0;
  return Math.max(asked, backoffMs(failures, policy.backoffBaseMs));
}

/** Whether sending the same request again may end better. */
export function mayHelp(attempt: Attempt): boolean {
  switch (attempt.kind) {
    case "lost":
      return true;
    case "unreachable":
      return !attempt.hopeless;
    case "refused":
      if (isQuota(attempt) || (attempt.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return false;
      return attempt.shouldRetry ?? isTransient(attempt.status);
    case "answered":
    case "aborted":
      return false;
  }
}

/** The server has too much to do (429, 503), not too little credit. */
export function isThrottled(attempt: Attempt): boolean {
  return (
    attempt.kind === "refused" && (attempt.status === 429 || attempt.status === 503) && !isQuota(attempt)
  );
}

/** OpenAI answers 429 for an empty account too; no waiting helps. */
export function isQuota(attempt: Extract<Attempt, { kind: "refused" }>): boolean {
  const { status, error } = attempt;
  if (status === 402) return true;
  return status === 429 && /insufficient_quota|billing/i.test(`${error.code ?? ""} ${error.message}`);
}

/**
 * Doubling, with the upper half at random, so that requests that failed together do not return together.
 * @internal for tests
 */
export function backoffMs(failures: number, baseMs: number, random: () => number = Math.random): number {
  const full = baseMs * Math.min(16, 2 ** Math.max(0, failures - 1));
  return full * (0.5 + random() / 2);
}

/**
 * An answer whose status was 200 and whose content is a failure, as the attempt that it was. The server had taken the
 * request, so its error is about this generation: sent again it may end better, whatever the code (but for no credit).
 */
export function failedInside(
  failure: { readonly why: string; readonly error?: ErrorBody },
  requestId: string | undefined,
): Exclude<Attempt, { kind: "answered" }> {
  const { why, error } = failure;
  if (error === undefined) return { kind: "lost", why };
  const code = Number(error.code);
  const told = code < 600 && (isTransient(code) || code === 402);
  return { kind: "refused", status: told ? code : 502, error, ...(requestId !== undefined && { requestId }) };
}

function isTransient(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

/**
 * Milliseconds that the server asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as an HTTP date
 * (RFC 9110, 10.2.3). A date is read against the response's own `Date`, since clocks differ.
 * undefined when the server said nothing that can be read; never negative.
 */
export function retryAfterMs(
  header: (name: string) => string | null,
  now: number = Date.now(),
): number | undefined {
  const exact = header("retry-after-ms")?.trim();
  if (exact !== undefined && /^\d+(\.\d+)?$/.test(exact)) return Number(exact);
  const value = header("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  // Date.parse takes more than HTTP dates: "-5" is a day in 2001 to it.
  const date = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const serverNow = Date.parse(header("date") ?? "");
  return Math.max(0, date - (Number.isNaN(serverNow) ? now : serverNow));
}
