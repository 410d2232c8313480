import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";

export interface HubFile {
  readonly body: Buffer;
  /** Sum that the hub claims; default: the true one. */
  readonly etag?: string;
}

/** What goes wrong, by request for a file's bytes, from 0. */
export interface HubFaults {
  /** The connection of the n-th transfer ends after so many bytes, once the client has kept them in `clientFolder`. */
  readonly cutAfter?: (transfer: number) => number | undefined;
  readonly clientFolder?: string;
  /** Only this token may read. */
  readonly token?: string;
  readonly status?: (transfer: number) => number | undefined;
  readonly ignoreRange?: boolean;
}

export interface HubServer {
  readonly endpoint: string;
  /** Paths of all requests with their range and authorization, in order. */
  readonly requests: readonly {
    readonly path: string;
    readonly range?: string;
    readonly authorization?: string;
  }[];
  close(): Promise<void>;
}

/**
 * The hub's layout on a local port: `/OWNER/NAME/resolve/REVISION/FILE`, behind `/datasets` for a data set, answers with the linked headers and a
 * redirect to another origin, as large files do.
 */
export async function startHub(
  files: () => Readonly<Record<string, HubFile>>,
  faults: HubFaults = {},
): Promise<HubServer> {
  const requests: { path: string; range?: string; authorization?: string }[] = [];
  let transfers = 0;
  const seen = (request: IncomingMessage): string => {
    const { range, authorization } = request.headers;
    const path = request.url ?? "";
    requests.push({
      path,
      ...(range !== undefined && { range }),
      ...(authorization !== undefined && { authorization }),
    });
    return decodeURIComponent(path);
  };
  const storage = createServer((request, response) => {
    const file = files()[seen(request).slice("/blob/".length)];
    if (file === undefined) return void response.writeHead(404).end();
    const transfer = transfers++;
    const status = faults.status?.(transfer);
    if (status !== undefined) return void response.writeHead(status).end();
    sendBytes(request, response, file.body, faults, faults.cutAfter?.(transfer));
  });
  const storageAt = await listen(storage);
  const hub = createServer((request, response) => {
    const path = seen(request);
    if (faults.token !== undefined && request.headers.authorization !== `Bearer ${faults.token}`)
      return void response.writeHead(401).end("access is restricted");
    const name = path.replace(/^\/(?:datasets\/)?/, "");
    const file = files()[name];
    if (file === undefined) return void response.writeHead(404).end();
    const sum = file.etag ?? createHash("sha256").update(file.body).digest("hex");
    response
      .writeHead(302, {
        location: `${storageAt}/blob/${name}`,
        "x-linked-etag": `"${sum}"`,
        "x-linked-size": String(file.body.length),
      })
      .end();
  });
  const endpoint = await listen(hub);
  return {
    endpoint,
    requests,
    async close() {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { ignoreRange = false, clientFolder }: HubFaults,
  cutAfter: number | undefined,
): void {
  const from = ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from >= body.length && from > 0) return void response.writeHead(416).end();
  const part = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": part.length,
    ...(from > 0 && { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` }),
  });
  if (cutAfter === undefined) return void response.end(part);
  const sent = part.subarray(0, cutAfter);
  // A connection's end overtakes what the client has not read yet.
  response.write(sent, () => {
    const timer = setInterval(() => {
      if (!response.destroyed && !isKept(clientFolder, from + sent.length)) return;
      clearInterval(timer);
      response.destroy();
    }, 10);
  });
}

/** Whether the client has a part of a file of that size; true where nobody says where it keeps them. */
function isKept(folder: string | undefined, size: number): boolean {
  if (folder === undefined) return true;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).some(
    (name) =>
      name.endsWith(".partial") && statSync(join(folder, name), { throwIfNoEntry: false })?.size === size,
  );
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return `http://127.0.0.1:${address.port}`;
}
