import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadManifest } from "../../../src/prm/manifest/folder.ts";
import { parseHubId } from "../../../src/hub/prm.ts";
import { hubSettings } from "../../../src/hub/settings.ts";
import { BUNDLED_PRM, resolvePrm } from "../../../src/prm/manifest/resolve.ts";
import { tinyFolder } from "../fixtures.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => unknown;

/** Serves the tiny encoder as a hub would; a test may answer some paths otherwise. */
let answer: Answer;
let asked: { path: string; token: string | undefined }[];
let hub: Server;
let home: string;
const servers: Server[] = [];

async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => void listener(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a server with a port");
  return { server, address: `http://127.0.0.1:${address.port}` };
}

const REPOSITORY = "/hub/org/tiny/resolve/main/";
const serveFile: Answer = async (_, response, path) => {
  response.end(await readFile(join(tinyFolder("encoder"), path)));
};

const cut: Answer = (_, response) => {
  response.writeHead(200, { "content-length": "89613" });
  response.write(Buffer.alloc(1000), () => response.destroy());
};

let environment: Record<string, string>;

beforeEach(async () => {
  asked = [];
  answer = serveFile;
  home = await mkdtemp(join(tmpdir(), "funprm-hub-"));
  const served = await serve((request, response) => {
    const path = request.url?.slice(REPOSITORY.length) ?? "";
    asked.push({ path, token: request.headers.authorization });
    if (request.url?.startsWith(REPOSITORY) !== true) return response.writeHead(404).end();
    return answer(request, response, path);
  });
  hub = served.server;
  environment = { HF_ENDPOINT: `${served.address}/hub/`, HF_HOME: home };
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(home, { recursive: true, force: true });
});

const resolveTiny = (options: Parameters<typeof resolvePrm>[1] = {}) =>
  resolvePrm("org/tiny", { hub: hubSettings(environment), ...options });

async function partials(): Promise<string[]> {
  return (await readdir(home, { recursive: true })).filter((name) => name.endsWith(".partial"));
}

test("nothing named is the bundled PRM, a folder is itself, and neither asks a hub", async () => {
  expect(await resolvePrm()).toBe(BUNDLED_PRM);
  expect(BUNDLED_PRM).toMatch(/models.funprm-prm-small$/);
  const hub = hubSettings(environment);
  expect(await resolvePrm(tinyFolder("encoder"), { hub })).toBe(tinyFolder("encoder"));
  for (const path of ["./no/such", "/no/such", "no", "no/such/folder", "../no"]) {
    await expect(resolvePrm(path, { hub }).then(loadManifest)).rejects.toThrow(
      /expected a PRM folder at .*nothing there/,
    );
  }
  expect(asked).toEqual([]);
});

describe("a hub id", () => {
  test("is downloaded once, whole, and usable", async () => {
    const folder = await resolveTiny();
    await expect(loadManifest(folder)).resolves.toMatchObject({ manifest: { name: "tiny-encoder" } });
    expect(folder.startsWith(home)).toBe(true);
    expect(asked.map(({ path }) => path)).toEqual([
      "prm.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "onnx/model_int8.onnx",
    ]);
    expect(await partials()).toEqual([]);
    expect(await resolveTiny()).toBe(folder);
    expect(asked).toHaveLength(4);
  });

  test("tells how far each file is", async () => {
    const last = new Map<string, string>();
    await resolveTiny({ onProgress: (file, done, total) => last.set(file, `${done} of ${total}`) });
    expect(last.get("onnx/model_int8.onnx")).toBe("89613 of 89613");
    expect(last.get("tokenizer.json")).toBe("15649 of 15649");
  });

  test("sends the token to the hub, and not to the store that the hub sends it on to", async () => {
    const elsewhere: (string | undefined)[] = [];
    const { address: store } = await serve(async (request, response) => {
      elsewhere.push(request.headers.authorization);
      response.end(await readFile(join(tinyFolder("encoder"), "onnx/model_int8.onnx")));
    });
    answer = (request, response, path) =>
      path.endsWith(".onnx")
        ? response.writeHead(302, { location: `${store}/blob` }).end()
        : serveFile(request, response, path);
    environment["HF_TOKEN"] = "secret";
    await resolveTiny();
    expect(new Set(asked.map(({ token }) => token))).toEqual(new Set(["Bearer secret"]));
    expect(elsewhere).toEqual([undefined]);
  });

  test("with a revision asks for that revision and keeps it apart", async () => {
    await expect(resolvePrm("org/tiny@v2", { hub: hubSettings(environment) })).rejects.toThrow(
      /resolve\/v2\/prm\.json: expected the file, got HTTP 404: no such repository/,
    );
  });

  test("offline is served from the cache only", async () => {
    const folder = await resolveTiny();
    environment["HF_HUB_OFFLINE"] = "1";
    hub.close();
    expect(await resolveTiny()).toBe(folder);
    await rm(home, { recursive: true });
    await expect(resolveTiny()).rejects.toThrow(/while offline.*HF_HUB_OFFLINE/);
    expect(asked).toHaveLength(4);
  });

  test("whose cached copy was spoilt gets the spoilt file anew", async () => {
    const folder = await resolveTiny();
    await writeFile(join(folder, "tokenizer.json"), "spoilt");
    await resolveTiny();
    expect(asked.slice(4).map(({ path }) => path)).toEqual(["prm.json", "tokenizer.json"]);
    await expect(loadManifest(folder)).resolves.toBeDefined();
  });

  test.each<[string, Answer, RegExp]>([
    ["a cut connection", cut, /model_int8\.onnx: expected the file, got a failed transfer/],
    ["too few bytes", (_, response) => response.end("short"), /expected 89613 bytes, got 5\./],
    [
      "too many bytes",
      (_, response) => response.end(Buffer.alloc(300_000)),
      /expected 89613 bytes, got more/,
    ],
    [
      "other bytes",
      (_, response) => response.end(Buffer.alloc(89_613)),
      /expected sha256 .*, got [0-9a-f]{64}\./,
    ],
    [
      "a failing server",
      (_, response) => response.writeHead(503).end(),
      /got a failed transfer \(HTTP 503\)/,
    ],
    ["a closed door", (_, response) => response.writeHead(401).end(), /HTTP 401: .*HF_TOKEN/],
  ])(
    "says what was wrong with %s, keeps nothing wrong, and goes on from there",
    async (_, wrong, message) => {
      answer = (request, response, path) =>
        (path.endsWith(".onnx") ? wrong : serveFile)(request, response, path);
      await expect(resolveTiny()).rejects.toMatchObject({
        code: "model",
        message: expect.stringMatching(message),
      });
      // What has come of a file that was cut is right as far as it goes.
      expect(await partials()).toHaveLength(wrong === cut ? 1 : 0);
      answer = serveFile;
      await expect(resolveTiny().then(loadManifest)).resolves.toBeDefined();
      expect(asked.filter(({ path }) => path === "tokenizer.json")).toHaveLength(1);
    },
  );

  test.each<[string, Answer, RegExp]>([
    ["a web page", (_, response) => response.end("<html>"), /prm\.json: expected JSON/],
    ["a flood", (_, response) => response.end(Buffer.alloc(2 << 20, " ")), /expected at most 1048576 bytes/],
    [
      "a path out of the folder",
      async (_, response) => {
        const text = await readFile(join(tinyFolder("encoder"), "prm.json"), "utf8");
        response.end(text.replace("tokenizer_config.json", "../../../../escaped.json"));
      },
      /"files\.tokenizerConfig\.path"/,
    ],
  ])("refuses %s in the manifest's place before anything else is fetched", async (_, wrong, message) => {
    answer = wrong;
    await expect(resolveTiny()).rejects.toMatchObject({
      code: "model",
      message: expect.stringMatching(message),
    });
    expect(asked).toHaveLength(1);
  });

  test("nobody answers for is an error that names the address", async () => {
    hub.closeAllConnections();
    await new Promise((resolve) => hub.close(resolve));
    await expect(resolveTiny()).rejects.toThrow(
      /prm\.json: expected the file, got a failed transfer \(.*ECONNREFUSED/,
    );
  });

  test("stops with an abort", async () => {
    const stop = new AbortController();
    answer = (request, response, path) =>
      path.endsWith(".onnx") ? stop.abort() : serveFile(request, response, path);
    await expect(resolveTiny({ signal: stop.signal })).rejects.toMatchObject({ code: "interrupted" });
    expect(await partials()).toEqual([]);
  });

  test("can be fetched by two runs at once", async () => {
    const folders = await Promise.all([resolveTiny(), resolveTiny()]);
    expect(new Set(folders).size).toBe(1);
    expect(await partials()).toEqual([]);
  });

  test("loses to a folder of the same name", async () => {
    const before = process.cwd();
    await mkdir(join(home, "org/tiny"), { recursive: true });
    process.chdir(home);
    try {
      await resolveTiny();
    } finally {
      process.chdir(before);
    }
    expect(asked).toEqual([]);
  });
});

test.each([
  ["org/name", { repository: "org/name", revision: "main" }],
  ["org/na.me-1@refs/pr/2", { repository: "org/na.me-1", revision: "refs/pr/2" }],
  ["name", null],
  ["a/b/c", null],
  ["../b", null],
  ["a/..", null],
  ["a/b@..", null],
  ["./a", null],
  ["a\\b", null],
  ["a/b?c", null],
])("%s as a hub id", (text, id) => {
  expect(parseHubId(text)).toEqual(id);
});

test("settings come from the hub's usual variables", () => {
  expect(hubSettings({})).toEqual({
    cacheFolder: join(homedir(), ".cache/huggingface/funprm"),
    endpoint: null,
    token: null,
    offline: false,
  });
  expect(hubSettings({ XDG_CACHE_HOME: "/x" }).cacheFolder).toBe("/x/huggingface/funprm");
  expect(hubSettings({ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }).cacheFolder).toBe("/h/funprm");
  expect(hubSettings({ HF_ENDPOINT: "", HF_TOKEN: " ", HF_HUB_OFFLINE: "0" })).toMatchObject({
    endpoint: null,
    token: null,
    offline: false,
  });
  expect(hubSettings({ HF_HUB_OFFLINE: "True" }).offline).toBe(true);
});

test("a cache that takes nothing is named, with what to do", async () => {
  const file = join(home, "file");
  await writeFile(file, "");
  environment = { ...environment, HF_HOME: file };
  await expect(resolveTiny()).rejects.toMatchObject({
    code: "model",
    message: expect.stringMatching(/org\/tiny in .*HF_HOME/s),
  });
});

test("a password in HF_ENDPOINT is not repeated", async () => {
  const endpoint = (environment["HF_ENDPOINT"] ?? "").replace("//", "//somebody:a-password@");
  environment = { ...environment, HF_ENDPOINT: endpoint };
  const refused = await resolveTiny().catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "model", message: expect.stringContaining("127.0.0.1") });
  expect(refused).not.toMatchObject({ message: expect.stringContaining("a-password") });
});
