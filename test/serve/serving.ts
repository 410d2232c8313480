import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Reporter } from "../../src/console/reporter.ts";
import { selectorByName } from "../../src/select/index.ts";
import { Gate } from "../../src/http/server/gate.ts";
import { startServer } from "../../src/serve/server.ts";
import { serveSettings } from "../../src/serve/settings.ts";
import { openUpstream } from "../../src/serve/upstream.ts";
import { readOptions } from "../../src/settings/options.ts";

/** The key that the server sends to its upstream, and the one that it asks of its clients, where a test wants one. */
export const UPSTREAM_KEY = "sk-upstream-0123456789+secret";
export const CLIENT_KEY = "sk-clients-0123456789+secret";
const VARIABLE = "FUNPRM_TEST_SERVE_UPSTREAM_KEY";

export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly root: string;
  /** What it said on stderr. */
  readonly said: readonly string[];
  readonly gates: { readonly chosen: Gate; readonly passed: Gate };
  stop(graceMs: number): Promise<void>;
}

/** A server that chooses the first sample, so that nothing has to run: its network is what is tested. */
export async function serving(
  upstreamUrl: string,
  flags: Readonly<Record<string, unknown>> = {},
): Promise<Serving> {
  const { signal } = new AbortController();
  const options = readOptions(
    {
      args: [],
      flags: { model: "llm", baseUrl: upstreamUrl, port: "0", apiKeyEnv: VARIABLE, ...flags },
      command: "serve",
      signal,
    },
    "/",
    {},
  );
  process.env[VARIABLE] = UPSTREAM_KEY;
  const settings = serveSettings(options, { CLIENT_KEY });
  const upstream = await openUpstream(settings);
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const report: Reporter = { note: say, warn: say, error: say, progress() {}, clear() {} };
  const method = { selector: selectorByName("first", "mean"), sources: [] };
  const open = {
    method,
    methodUntil: () => method,
    sandbox: async () => undefined,
    by: { funprm: "0.0.0", select: "first" },
  };
  const gates = {
    chosen: new Gate({ name: "requests for programs", atOnce: settings.chosenAtOnce, queue: settings.queue }),
    passed: new Gate({ name: "requests", atOnce: settings.passedAtOnce, queue: 0 }),
  };
  const server = await startServer(settings, { upstream, open, report, gates });
  let stopped: Promise<void> | undefined;
  const stop = (graceMs: number): Promise<void> => (stopped ??= server.stop(graceMs));
  return {
    url: server.url,
    root: server.url.replace(/\/v1$/, ""),
    said,
    gates,
    stop,
    async [Symbol.asyncDispose]() {
      await stop(0);
      await upstream.close();
    },
  };
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface RawUpstream extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** Ends with the next request whose connection closes before its answer was whole. */
  readonly broken: Promise<void>;
}

/** An upstream that does what a test says, and keeps the very bytes that came. */
export async function rawUpstream(
  answer: (received: Received, response: ServerResponse) => void | Promise<void>,
): Promise<RawUpstream> {
  const received: Received[] = [];
  let tellBroken = (): void => {};
  const broken = new Promise<void>((resolve) => (tellBroken = resolve));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("close", () => {
      if (!response.writableFinished) tellBroken();
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, path: url, headers, body: Buffer.concat(chunks) };
      received.push(one);
      void answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    received,
    broken,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const PROGRAM = "Write a Python function that adds two numbers.";
export const CHAT = "Tell me a joke.";

/** Posts a chat request as any HTTP client would. */
export function post(
  server: Pick<Serving, "url">,
  body: unknown,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly path?: string;
  } = {},
): Promise<Response> {
  return fetch(`${server.url}${options.path ?? "/chat/completions"}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...options.headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(options.signal !== undefined && { signal: options.signal }),
  });
}

export function chat(content: string, more: object = {}): object {
  return { model: "llm", messages: [{ role: "user", content }], ...more };
}

/** The data of server-sent events. */
export function eventsOf(text: string): string[] {
  return text
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice("data: ".length));
}
