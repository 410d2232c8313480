import type { ServerResponse } from "node:http";
import type { ReplayCompletion } from "./completion.ts";
import { streamOf, textCompletion } from "./completion.ts";
import type { Fault } from "./fault.ts";
import { isText, type ReplayRequest } from "./request.ts";

/** An error that the client is told in OpenAI's form. */
export class ReplayRefusal extends Error {
  override readonly name = "ReplayRefusal";
  readonly status: number;
  readonly code: string;
  readonly param: string | null;

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function sendRefusal(
  response: ServerResponse,
  refusal: ReplayRefusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { status, code, message, param } = refusal;
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  sendJson(response, status, { error: { message, type, param, code } }, headers);
}

/** Whether a fault takes the whole answer's place. */
export function replacesAnswer({ kind }: Fault): boolean {
  return ["stall", "capacity", "status", "reject", "html"].includes(kind);
}

/** Sends the fault instead of an answer. */
export function sendBroken(response: ServerResponse, { kind, status, argument }: Fault): void {
  if (kind === "capacity") {
    sendRefusal(response, new ReplayRefusal(429, "rate_limit_exceeded", "too many requests at once"));
  } else if (kind === "status" && status !== undefined) {
    sendRefusal(
      response,
      new ReplayRefusal(status, "injected", `injected fault ${status}`),
      retryAfter(argument),
    );
  } else if (kind === "reject") {
    const message = `Unsupported parameter: '${argument}' is not supported with this model.`;
    sendRefusal(response, new ReplayRefusal(400, "unsupported_parameter", message, argument));
  } else if (kind === "html") {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html><body>It works!</body></html>");
  }
}

/** `SECONDS`, `date:SECONDS` or nothing. */
function retryAfter(argument: string): Record<string, string> {
  if (argument === "") return {};
  const [, seconds] = /^date:(\d+)$/.exec(argument) ?? [];
  if (seconds === undefined) return { "retry-after": argument };
  return { "retry-after": new Date(Date.now() + Number(seconds) * 1000).toUTCString() };
}

/** Sends a completion, or its beginning; true when it was sent whole. */
export function sendCompletion(
  response: ServerResponse,
  completion: ReplayCompletion,
  request: ReplayRequest,
  faults: readonly Fault[],
): boolean {
  const has = (kind: Fault["kind"]): boolean => faults.some((fault) => fault.kind === kind);
  const streaming = request.stream === true;
  const includeUsage = request.stream_options?.include_usage === true;
  const whole = isText(request) ? textCompletion(completion) : completion;
  const body = streaming ? [...streamOf(completion, includeUsage)].join("") : JSON.stringify(whole);
  const half = body.slice(0, Math.floor(body.length / 2));
  const sent = has("malformed") ? half : body;
  response.writeHead(200, {
    "content-type": streaming ? "text/event-stream" : "application/json",
    "content-length": Buffer.byteLength(sent),
    "x-request-id": completion.id,
  });
  if (has("stall-body")) {
    response.write(half);
    return false;
  }
  if (has("cut")) {
    response.write(half, () => response.destroy());
    return false;
  }
  response.end(sent);
  return !has("malformed");
}
