import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Dispatcher } from "undici";
import { leaveSlowReader, type Lifetime } from "../../http/server/lifetime.ts";
import { Refusal } from "../../http/server/refusal.ts";
import type { Upstream } from "../upstream.ts";
import { MODE_HEADER, N_HEADER } from "../chat/wish.ts";

export interface Passed {
  readonly method: "GET" | "POST";
  /** Below the base URL, with a leading slash, and the client's query. */
  readonly path: string;
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came, or as it is to be. */
  readonly body: Uint8Array | undefined;
  /** For a header of the answer: why nothing was chosen. */
  readonly why: string;
}

/** Of one connection, not of the request; and what says who asks, which the upstream is not to know. */
const NOT_SENT: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "content-length",
  "accept-encoding",
  "authorization",
  "cookie",
  N_HEADER,
  MODE_HEADER,
]);
const NOT_RETURNED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "set-cookie",
]);
/** Longest error that is read, to take keys out of it; longer ones are cut. */
const MOST_ERROR_BYTES = 2 ** 20;

/**
 * Sends a request on and its answer back, byte for byte as it comes and at the client's pace. Only keys are taken out
 * of errors. Errors: Refusal 502 or 504 while nothing was sent; an answer that breaks off later breaks off there too.
 */
export async function passThrough(
  passed: Passed,
  outgoing: ServerResponse,
  upstream: Upstream,
  { signal, clientGone }: Lifetime,
  patienceMs: number,
): Promise<number> {
  try {
    const answer = await request(passed, upstream, signal);
    const headers = returnedHeaders(answer.headers, upstream.redact);
    headers["x-funprm"] = `passed; ${passed.why}`;
    if (answer.statusCode < 400) {
      outgoing.writeHead(answer.statusCode, headers);
      leaveSlowReader(outgoing, patienceMs);
      await pipeline(answer.body, outgoing);
    } else {
      const body = await errorBody(answer, upstream);
      delete headers["content-encoding"];
      headers["content-length"] = String(Buffer.byteLength(body));
      outgoing.writeHead(answer.statusCode, headers);
      outgoing.end(body);
    }
    return answer.statusCode;
  } catch (error) {
    if (clientGone()) return 0;
    if (outgoing.headersSent) {
      outgoing.destroy();
      return 0;
    }
    if (signal.aborted) throw signal.reason;
    throw unreachable(error, upstream);
  }
}

/** Sends a request on. The caller reads or destroys the body. */
export async function request(
  { method, path, search, headers, body }: Omit<Passed, "why">,
  { url, query, authorization, dispatcher }: Upstream,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const target = new URL(`${url}${path}${search}`);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const sent = Object.entries(headers).filter(([name]) => !NOT_SENT.has(name));
  return await dispatcher.request({
    origin: target.origin,
    path: `${target.pathname}${target.search}`,
    method,
    headers: {
      ...Object.fromEntries(sent),
      // Compressed errors could hold keys that nobody sees.
      "accept-encoding": "identity",
      ...(authorization !== undefined && { authorization }),
    },
    body: body ?? null,
    signal,
  });
}

function returnedHeaders(
  headers: IncomingHttpHeaders,
  redact: (text: string) => string,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_RETURNED.has(name)) continue;
    kept[name] = Array.isArray(value) ? value.map(redact) : redact(value);
  }
  return kept;
}

/** An error's text without keys. */
async function errorBody(
  { headers, body, statusCode }: Dispatcher.ResponseData,
  { redact }: Upstream,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > MOST_ERROR_BYTES) break;
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    return JSON.stringify(
      new Refusal(statusCode, "upstream_refused", `the upstream answered ${statusCode}`).body,
    );
  }
  return redact(Buffer.concat(chunks).toString("utf8"));
}

function unreachable(error: unknown, { url, redact }: Upstream): Refusal {
  const options = { cause: error };
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? "") : "";
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    const late = `the upstream at ${url} did not answer in time (--timeout)`;
    return new Refusal(504, "upstream_timeout", late, {}, options);
  }
  const why = redact((error instanceof Error && error.message) || code || "the connection broke");
  return new Refusal(502, "upstream_failed", `the upstream at ${url} cannot be asked: ${why}`, {}, options);
}
