import { setMaxListeners } from "node:events";
import type { AddressInfo } from "node:net";
import { isIPv6 } from "node:net";
import { createServer, type Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { FunprmError } from "../../core/errors.ts";
import { interrupted } from "../interruption.ts";
import type { Access } from "./access.ts";

export interface RunningServer {
  /** Base URL for clients: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Takes no new requests, gives those under way `graceMs`, and ends. */
  stop(graceMs: number): Promise<void>;
}

type Fetch = Parameters<typeof createAdaptorServer>[0]["fetch"];

/** Connections that may wait to be taken. */
const BACKLOG = 1024;

/** How a server ends. */
export interface Ending {
  /** Aborted: nothing new is taken. */
  readonly stopping: AbortSignal;
  /** Aborted: what is under way ends. */
  readonly cut: AbortSignal;
}

/** Listens for an app. Errors: FunprmError `usage` when the address cannot be used. */
export async function listen(
  access: Access,
  createApp: (ending: Ending) => { readonly fetch: Fetch },
): Promise<RunningServer> {
  const stopping = new AbortController();
  const cut = new AbortController();
  // Every request under way listens.
  setMaxListeners(0, cut.signal);
  const app = createApp({ stopping: stopping.signal, cut: cut.signal });
  const server = createAdaptorServer({
    fetch: app.fetch,
    // The global Response stays Node's: other modules of the process rely on it.
    overrideGlobalObjects: false,
    createServer,
    serverOptions: { keepAliveTimeout: 60_000 },
  });
  if (!isHttp(server)) throw new TypeError("expected an HTTP/1 server");
  await bind(server, access);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  const { port } = server.address() as AddressInfo;
  const host = isIPv6(access.host) ? `[${access.host}]` : access.host;
  return {
    url: `http://${host}:${port}/v1`,
    async stop(graceMs) {
      stopping.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Connections that are kept alive end as their requests do.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      const timer = setTimeout(() => {
        cut.abort(interrupted());
        // What was cut is told so; whoever does not read that is left.
        setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS).unref();
      }, graceMs);
      await closed;
      clearTimeout(timer);
      clearInterval(idle);
    },
  };
}

const IDLE_CHECK_MS = 50;
const LAST_WORDS_MS = 1000;

function isHttp(server: ReturnType<typeof createAdaptorServer>): server is Server {
  return "closeIdleConnections" in server;
}

function bind(server: Server, { host, port }: Access): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new FunprmError("usage", `cannot listen on ${host}:${port}: ${cause.message}; give another --port`, {
          cause,
        }),
      ),
    );
    server.listen({ host, port, backlog: BACKLOG }, resolve);
  });
}
