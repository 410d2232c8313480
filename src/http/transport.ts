import type { OpenAI as Client } from "openai";
import type { RequestInit, Response } from "undici";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { expectedOf, pathOf, valueAt } from "../core/expected.ts";
import { describe } from "../formats/text/json-text.ts";
import type { Attempt } from "./attempt.ts";
import type { Endpoint } from "./endpoint.ts";
import { boundedBody, errorText } from "./bounded-body.ts";
import { readErrorBody, readErrorValue } from "./error-body.ts";
import type { ErrorBody } from "./error-body.ts";
import { completionSchema } from "../llm/completion.ts";
import { retryAfterMs } from "./retry.ts";

/** Connection errors that no waiting mends. */
const HOPELESS = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO|ERR_INVALID_URL/;
/** Connection errors before anything was sent. */
const NOT_SENT = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/;

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A 2xx answer: JSON of whatever form. */
export interface Received {
  readonly kind: "received";
  readonly value: unknown;
}

/** How a request ended that was not answered. */
export type Failed = Exclude<Attempt, { kind: "answered" }>;

/** Sends chat completions through the `openai` package, one HTTP request a call; retrying is the caller's. */
export class Transport {
  readonly #client: Client;
  readonly #close: () => Promise<void>;
  readonly #timeoutMs: number;

  private constructor(client: Client, close: () => Promise<void>, timeoutMs: number) {
    this.#client = client;
    this.#close = close;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Loads `openai` and `undici` (not before: a command that samples nothing pays nothing). undici's own fetch,
   * because Node's gives up after 300 s without headers, which reasoning models need; it also reads HTTP_PROXY.
   */
  static async open(options: TransportOptions): Promise<Transport> {
    const [{ OpenAI }, { EnvHttpProxyAgent, fetch, Response: UndiciResponse }] = await Promise.all([
      import("openai"),
      import("undici"),
    ]);
    const { endpoint, apiKey } = options;
    const agent = new EnvHttpProxyAgent({
      connections: options.connections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    /** The openai package forgets an error body that lacks `{error: {...}}`: put every one into that form. */
    const send = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await fetch(url, { ...init, dispatcher: agent });
      // undici has unpacked the body.
      const headers = [...response.headers].filter(([name]) => !/^content-(?:length|encoding)$/.test(name));
      if (response.ok) {
        const body = response.body === null ? null : ReadableStream.from(boundedBody(response.body));
        return new UndiciResponse(body, { status: response.status, headers });
      }
      const error = readErrorBody(await errorText(response.body));
      return new UndiciResponse(JSON.stringify({ error }), { status: response.status, headers });
    };
    const authorization = endpoint.basicAuth ?? (apiKey === undefined ? null : undefined);
    const client = new OpenAI({
      baseURL: endpoint.url,
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      defaultQuery: endpoint.query,
      defaultHeaders: {
        ...options.headers,
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      maxRetries: 0,
      // Our own timer covers the body too; this one only has to be later.
      timeout: options.timeoutMs + 60_000,
      logLevel: "off",
      // The package calls it with a string, and undici's types differ from those of Node's own copy in name only.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      fetch: send as unknown as typeof globalThis.fetch,
    });
    return new Transport(client, () => agent.destroy(), options.timeoutMs);
  }

  async send(
    path: "/chat/completions" | "/completions",
    body: Readonly<Record<string, unknown>>,
    options: {
      readonly headers: Readonly<Record<string, string>>;
      /** Aborted: the request is cut at once. */
      readonly cut?: AbortSignal | undefined;
    },
  ): Promise<Attempt> {
    const ended = await this.post(path, body, options);
    return ended.kind === "received" ? readAnswer(ended.value) : ended;
  }

  /** Posts JSON to a path below the endpoint and reads JSON under any content type. */
  async post(
    path: string,
    body: Readonly<Record<string, unknown>>,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      /** Aborted: the request is cut at once. */
      readonly cut?: AbortSignal | undefined;
    },
  ): Promise<Received | Failed> {
    const controller = new AbortController();
    const cut = (): void => controller.abort();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, this.#timeoutMs);
    if (options.cut?.aborted === true) cut();
    options.cut?.addEventListener("abort", cut, { once: true });
    try {
      const received: unknown = await this.#client.post(path, {
        body,
        signal: controller.signal,
        headers: options.headers ?? {},
      });
      return readJson(received);
    } catch (error) {
      if (timedOut) {
        const seconds = Math.round(this.#timeoutMs / 100) / 10;
        return { kind: "lost", why: `no complete answer within ${seconds} s (--timeout)` };
      }
      if (options.cut?.aborted === true) return { kind: "aborted" };
      return readFailure(error);
    } finally {
      clearTimeout(timer);
      options.cut?.removeEventListener("abort", cut);
    }
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** A 2xx answer as JSON; some servers send it as plain text. An error may be in it. */
function readJson(received: unknown): Received | Failed {
  let value = received;
  if (typeof received === "string") {
    try {
      value = JSON.parse(received);
    } catch {
      return {
        kind: "lost",
        why: `the answer is no JSON: ${JSON.stringify(readErrorBody(received).message)}`,
      };
    }
  }
  return { kind: "received", value };
}

/** A chat completion, an error in disguise, or nothing of use. */
function readAnswer(value: unknown): Attempt {
  const parsed = completionSchema.safeParse(value);
  if (parsed.success) {
    return {
      kind: "answered",
      completion: parsed.data,
      ...requestIdOf(value),
    };
  }
  // OpenRouter and other routers report a provider's failure inside a 200.
  const error = readErrorValue(value);
  if (error !== undefined) return { kind: "refused", status: statusOf(error), error };
  const [issue] = parsed.error.issues;
  return {
    kind: "lost",
    why:
      issue === undefined
        ? "the answer is no completion"
        : `the answer is no completion (expected ${expectedOf(issue)} at "${pathOf(issue)}", got ${describe(valueAt(value, issue.path))})`,
  };
}

/** The openai package hangs the `x-request-id` header onto the body it has read. */
const identified = z.object({ _request_id: z.string() });

function requestIdOf(value: unknown): { requestId?: string } {
  const { data } = identified.safeParse(value);
  return data === undefined ? {} : { requestId: data._request_id };
}

function statusOf(error: ErrorBody): number {
  const status = Number(error.code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : 502;
}

/** Reads what the openai package throws, by its shape: the class is loaded lazily and may be loaded twice. */
function readFailure(error: unknown): Failed {
  if (!(error instanceof Error)) throw new TypeError(`openai threw ${typeof error}`);
  const {
    status,
    headers,
    error: body,
  } = error as Error & { status?: unknown; headers?: Headers; error?: unknown };
  if (typeof status === "number") {
    const header = (name: string): string | null => headers?.get(name) ?? null;
    const requestId = header("x-request-id");
    const shouldRetry = header("x-should-retry");
    return {
      kind: "refused",
      status,
      error: readErrorValue({ error: body }) ?? { message: "(no body)" },
      retryAfterMs: retryAfterMs(header),
      ...(shouldRetry === null ? {} : { shouldRetry: shouldRetry === "true" }),
      ...(requestId === null ? {} : { requestId }),
    };
  }
  const chain = causes(error);
  const told = chain
    .map((cause) => `${(cause as NodeJS.ErrnoException).code ?? ""} ${cause.message}`)
    .join(" ");
  const innermost = chain.at(-1) ?? error;
  const code = (innermost as NodeJS.ErrnoException).code;
  const why =
    code === undefined || innermost.message.includes(code)
      ? innermost.message
      : `${code}: ${innermost.message}`;
  if (error instanceof TypeError && chain.length === 1 && /header|argument/i.test(error.message)) {
    throw new FunprmError(
      "usage",
      "the request cannot be sent: the API key or a header holds characters that HTTP does not allow",
    );
  }
  if (HOPELESS.test(told)) return { kind: "unreachable", why, hopeless: true };
  if (NOT_SENT.test(told)) return { kind: "unreachable", why, hopeless: false };
  return { kind: "lost", why: why || "the connection was cut" };
}

function causes(error: Error): Error[] {
  const chain: Error[] = [error];
  for (let cause = error.cause; cause instanceof Error && chain.length < 8; cause = cause.cause) {
    chain.push(cause);
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error) chain.push(cause.errors[0]);
  }
  return chain;
}
