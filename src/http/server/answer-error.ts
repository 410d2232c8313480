import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { Reporter } from "../../console/reporter.ts";
import type { Redact } from "../redact.ts";
import { Refusal } from "./refusal.ts";

/** A request, with Node's own request and response. */
export type NodeRequest = Context<{ Bindings: HttpBindings }>;

/** What tells clients of errors. */
export interface ErrorTeller {
  readonly report: Reporter;
  /** Takes keys out of text. */
  readonly redact: Redact;
  /** What a client is told of an error that is expected; undefined for a defect. */
  readonly refusalOf: (error: unknown) => Refusal | undefined;
}

export function refuse(c: NodeRequest, refusal: Refusal): Response {
  return new Response(JSON.stringify(refusal.body), {
    status: refusal.status,
    headers: { "content-type": "application/json", ...refusal.headers, ...endOfConnection(c) },
  });
}

/** Tells the client what it may know; of a defect only that there is one, and stderr the rest. */
export function answerError(error: Error, c: NodeRequest, teller: ErrorTeller): Response {
  const { outgoing } = c.env;
  if (outgoing.headersSent || outgoing.destroyed) {
    // Half an answer must not look like a whole one.
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const refusal = toldOf(error, teller);
  teller.report.note(`${c.req.path}: ${refusal.status} ${refusal.code}`);
  return refuse(c, refusal);
}

/** What a client is told of any error. Keys are in none of it. */
export function toldOf(error: unknown, { report, redact, refusalOf }: ErrorTeller): Refusal {
  const known = refusalOf(error);
  if (known !== undefined) return known;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report.error(`a defect of funprm; please report it with this text\n${redact(detail)}`);
  return new Refusal(500, "defect", "a defect of this server: its log has more");
}

/** A body that was refused unread is not read to its end. */
function endOfConnection({ env: { incoming } }: NodeRequest): Readonly<Record<string, string>> {
  return incoming.complete || incoming.method === "GET" ? {} : { connection: "close" };
}
