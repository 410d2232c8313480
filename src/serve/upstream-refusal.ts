import type { ErrorTeller } from "../http/server/answer-error.ts";
import { Refusal, refusalOf } from "../http/server/refusal.ts";
import { ApiFailure } from "../llm/api-failure.ts";
import type { ServeContext } from "./context.ts";

/** Statuses of the upstream that are about the client's own request, and are the client's to mend. */
const CLIENTS_OWN: readonly number[] = [400, 404, 413, 422];
/** Seconds, where the upstream throttles and does not say for how long. */
const RETRY_AFTER_S = 10;

/** What a client is told of an error, the upstream's own among them; undefined for a defect. */
function upstreamRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof ApiFailure)) return refusalOf(error);
  const options = { cause: error };
  const { status = 502, retryAfterMs } = error;
  if (status === 429) {
    const retryAfterS = retryAfterMs === undefined ? RETRY_AFTER_S : Math.ceil(retryAfterMs / 1000);
    return new Refusal(429, "upstream_throttles", error.message, { retryAfterS }, options);
  }
  // A key that the upstream refuses is the server's, not the client's: no 401.
  if (CLIENTS_OWN.includes(status))
    return new Refusal(status, "upstream_refused", error.message, {}, options);
  return new Refusal(502, "upstream_failed", error.message, {}, options);
}

/** What tells this server's clients of errors. */
export function tellerOf({ report, upstream }: Pick<ServeContext, "report" | "upstream">): ErrorTeller {
  return { report, redact: upstream.redact, refusalOf: upstreamRefusal };
}
