import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ServeContext, ServeRequest } from "./context.ts";
import { Refusal, refusalOf } from "./refusal.ts";

export function refuse(c: ServeRequest, refusal: Refusal): Response {
  return new Response(JSON.stringify(refusal.body), {
    status: refusal.status,
    headers: { "content-type": "application/json", ...refusal.headers, ...endOfConnection(c) },
  });
}

/** Tells the client what it may know; of a defect only that there is one, and stderr the rest. */
export function answerError(
  error: Error,
  c: ServeRequest,
  context: Pick<ServeContext, "report" | "upstream">,
): Response {
  const { outgoing } = c.env;
  if (outgoing.headersSent || outgoing.destroyed) {
    // Half an answer must not look like a whole one.
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const refusal = toldOf(error, context);
  context.report.note(`${c.req.path}: ${refusal.status} ${refusal.code}`);
  return refuse(c, refusal);
}

/** What a client is told of any error. Keys are in none of it. */
export function toldOf(
  error: unknown,
  { report, upstream }: Pick<ServeContext, "report" | "upstream">,
): Refusal {
  const known = refusalOf(error);
  if (known !== undefined) return known;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report.error(`a defect of funprm; please report it with this text\n${upstream.redact(detail)}`);
  return new Refusal(500, "defect", "a defect of funprm serve: its log has more");
}

/** A body that was refused unread is not read to its end. */
function endOfConnection({ env: { incoming } }: ServeRequest): Readonly<Record<string, string>> {
  return incoming.complete || incoming.method === "GET" ? {} : { connection: "close" };
}
