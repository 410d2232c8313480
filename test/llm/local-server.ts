import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** A request as a test's server sees it. */
export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Number of the request, from 1. */
  readonly number: number;
  /** Requests under way, this one included. */
  readonly underWay: number;
}

export interface LocalServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** A server on a free loopback port that answers each chat request as the test says. */
export async function localServer(
  answer: (seen: Seen, response: ServerResponse) => void | Promise<void>,
): Promise<LocalServer> {
  const seen: Seen[] = [];
  let underWay = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      underWay += 1;
      response.on("close", () => (underWay -= 1));
      const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString() || "{}");
      const one: Seen = {
        path: request.url ?? "",
        headers: request.headers,
        body,
        number: seen.length + 1,
        underWay,
      };
      seen.push(one);
      void answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

export function apiError(
  response: ServerResponse,
  status: number,
  message: string,
  more: { param?: string; code?: string } = {},
  headers: Readonly<Record<string, string>> = {},
): void {
  json(
    response,
    status,
    { error: { message, type: "error", param: more.param ?? null, code: more.code ?? null } },
    headers,
  );
}

/** A chat completion whose k-th choice says the k-th text. */
export function completion(
  texts: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> & { readonly choices: readonly unknown[] } {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "served-model",
    choices: texts.map((content, index) => ({
      index,
      message: { role: "assistant", content },
      finish_reason: "stop",
    })),
    usage: { prompt_tokens: 10, completion_tokens: 7 * texts.length, total_tokens: 10 + 7 * texts.length },
    ...more,
  };
}
