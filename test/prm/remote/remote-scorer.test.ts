import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scorer } from "../../../src/core/scorer.ts";
import { loadManifest, loadRemoteManifest } from "../../../src/prm/manifest/folder.ts";
import { openRemoteScorer } from "../../../src/prm/remote/remote-scorer.ts";
import type { RemoteScorerOptions } from "../../../src/prm/remote/remote-scorer.ts";
import { resolvePrm } from "../../../src/prm/manifest/resolve.ts";
import { openOnnxScorer } from "../built-scorer.ts";
import { copyTiny, expectedCases, setField, tinyFolder } from "../fixtures.ts";
import type { Tiny } from "../fixtures.ts";
import { json } from "../../llm/local-server.ts";
import { tinyDecoder, vllmServer } from "./vllm-server.ts";
import type { VllmOptions } from "./vllm-server.ts";

const MARK = 4;
let logits: Awaited<ReturnType<typeof tinyDecoder>>;
const folders: string[] = [];

beforeAll(async () => {
  logits = await tinyDecoder();
});
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A tiny PRM whose weights are on a server. */
async function remoteFolder(which: Tiny, url: string): Promise<string> {
  const folder = await copyTiny(which);
  folders.push(folder);
  await setField(folder, "files.model", undefined);
  await setField(folder, "files.modelFp32", undefined);
  await setField(folder, "graph", undefined);
  await setField(folder, "endpoint", { url: url.replace(/\/v1$/, ""), model: "prm" });
  return folder;
}

async function openAt(
  url: string,
  options: RemoteScorerOptions = {},
  which: Tiny = "decoder",
): Promise<Scorer> {
  const prm = await loadRemoteManifest(await remoteFolder(which, url));
  if (prm === null) throw new Error("expected a folder that names a server");
  return await openRemoteScorer(prm, { backoffBaseMs: 1, ...options });
}

const requestsOf = async (which: Tiny) =>
  (await expectedCases(which)).map(({ statement, steps }) => ({ statement, steps }));

const largestGap = (a: readonly number[], b: readonly number[]) =>
  Math.max(0, ...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))));

test.each<[string, VllmOptions, Tiny]>([
  ["a row for every token", {}, "decoder"],
  ["step pooling", { stepTagId: MARK }, "decoder"],
  ["the last token after closing text", {}, "probe"],
])(
  "rewards are the ONNX scorer's and PyTorch's: %s",
  async (_, options, which) => {
    await using server = await vllmServer(logits, options);
    const requests = await requestsOf(which);
    const remote = await openAt(server.url, {}, which);
    const found = await remote.score(requests);
    const local = await openOnnxScorer(tinyFolder(which), { weights: "modelFp32", threads: 1 });
    const expected = await local.score(requests);
    await Promise.all([remote.close(), local.close()]);
    expect(found.map(({ rewards }) => rewards.length)).toEqual(requests.map(({ steps }) => steps.length));
    for (const [index, { rewards, ...cuts }] of found.entries()) {
      expect(largestGap(rewards, expected[index]?.rewards ?? [])).toBeLessThanOrEqual(1e-5);
      expect(expected[index]).toMatchObject(cuts);
    }
    for (const [index, { rewards }] of (await expectedCases(which)).entries()) {
      expect(largestGap(found[index]?.rewards ?? [], rewards)).toBeLessThanOrEqual(1e-4);
    }
    expect(remote.usage.programs).toBe(requests.length);
  },
  120_000,
);

test("equal requests and equal sequences are sent once, several in a request", async () => {
  await using server = await vllmServer(logits);
  const scorer = await openAt(server.url);
  const requests = await requestsOf("decoder");
  const results = await scorer.score([...requests, ...requests.toReversed()]);
  await scorer.close();
  expect(results.slice(requests.length).toReversed()).toEqual(results.slice(0, requests.length));
  const sent = server.seen.flatMap(({ body }) =>
    Array.isArray(body["input"]) ? body["input"].map(String) : [],
  );
  expect(new Set(sent).size).toBe(sent.length);
  expect(server.seen.length).toBeLessThan(sent.length);
  const tokens = sent.reduce((sum, ids) => sum + ids.split(",").length, 0);
  expect(scorer.usage).toEqual({ tokens, programs: 2 * requests.length });
});

test("a server that throttles, fails, hangs up or answers nonsense is asked again", async () => {
  const faults = new Map<number, string>([
    [1, "429"],
    [2, "cut"],
    [3, "500"],
    [4, "nonsense"],
  ]);
  await using server = await vllmServer(logits, {
    fault: ({ number }, response) => {
      switch (faults.get(number)) {
        case "429":
          response.setHeader("retry-after", "0");
          json(response, 429, { error: { message: "slow down" } });
          return true;
        case "500":
          json(response, 500, { error: { message: "broken" } });
          return true;
        case "cut":
          response.socket?.destroy();
          return true;
        case "nonsense":
          response.end("<html>");
          return true;
        default:
          return false;
      }
    },
  });
  const requests = await requestsOf("decoder");
  const scorer = await openAt(server.url);
  const found = await scorer.score(requests);
  await scorer.close();
  expect(found.map(({ rewards }) => rewards.length)).toEqual(requests.map(({ steps }) => steps.length));
  expect(server.seen.length).toBeGreaterThan(faults.size);
});

test.each<[string, VllmOptions["fault"], RegExp]>([
  [
    "refuses the key",
    (_, response) => (json(response, 401, { error: { message: "no such key: secret-of-mine" } }), true),
    /status 401: no such key: \[redacted\]; set FUNPRM_PRM_API_KEY/,
  ],
  [
    "has no such endpoint",
    (_, response) => (json(response, 404, { detail: "Not Found" }), true),
    /status 404: Not Found.*serves prm for pooling/,
  ],
  [
    "stays broken",
    (_, response) => (json(response, 503, { error: { message: "loading" } }), true),
    /status 503 after 3 attempts: loading/,
  ],
  [
    "answers in another form",
    (_, response) => (json(response, 200, { choices: [] }), true),
    /expected a pooling answer, got field "data"/,
  ],
  [
    "answers for too few inputs",
    (_, response) => (json(response, 200, { data: [{ index: 0, data: [[0.5]] }] }), true),
    /expected an entry for each of \d+ inputs, got 1/,
  ],
])("a server that %s is an error that says what to do", async (_, fault, message) => {
  await using server = await vllmServer(logits, fault === undefined ? {} : { fault });
  const scorer = await openAt(server.url, { apiKey: "secret-of-mine", maxRetries: 2 });
  const error: unknown = await scorer.score(await requestsOf("decoder")).catch((error: unknown) => error);
  await scorer.close();
  expect(error).toMatchObject({ name: "FunprmError", code: "api", message: expect.stringMatching(message) });
  expect(String(error)).not.toContain("secret-of-mine");
});

test("rows that are neither all tokens nor all step marks are refused", async () => {
  await using server = await vllmServer(async (ids) => (await logits(ids)).slice(1));
  const scorer = await openAt(server.url);
  await expect(scorer.score(await requestsOf("decoder"))).rejects.toThrow(
    /a row for each of \d+ tokens or \d+ step marks/,
  );
  await scorer.close();
});

test("the key travels as bearer token, the text only as token ids, activation as the manifest says", async () => {
  await using server = await vllmServer(logits);
  const scorer = await openAt(server.url, { apiKey: "key-from-environment" });
  await scorer.score([{ statement: "Add two numbers.", steps: ["print(1)\n"] }]);
  await scorer.close();
  expect(server.seen).toHaveLength(1);
  expect(server.seen[0]?.headers.authorization).toBe("Bearer key-from-environment");
  expect(server.seen[0]?.body).toMatchObject({ model: "prm", task: "token_classify", use_activation: false });
  expect(JSON.stringify(server.seen[0]?.body)).not.toContain("print");
});

test("an abort ends the call at once and sends nothing more", async () => {
  const abort = new AbortController();
  await using server = await vllmServer(logits, {
    fault: () => {
      setImmediate(() => abort.abort());
      return true;
    },
  });
  const scorer = await openAt(server.url, { concurrency: 1 });
  const running = scorer.score(await requestsOf("decoder"), { signal: abort.signal });
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
  await scorer.close();
  expect(server.seen).toHaveLength(1);
});

test("a manifest names weights or a server, the server without secrets, and only in a folder of one's own", async () => {
  const folder = await remoteFolder("decoder", "http://127.0.0.1:1");
  await expect(loadManifest(folder)).rejects.toThrow(/"files\.model"/);
  await setField(folder, "endpoint.url", "http://user:password@127.0.0.1:1");
  await expect(loadRemoteManifest(folder)).rejects.toThrow(
    /"endpoint\.url": expected an address without user/,
  );
  await setField(folder, "endpoint", undefined);
  await expect(loadRemoteManifest(folder)).rejects.toThrow(
    /either "files\.model".*or "endpoint".*got neither/,
  );
  await expect(loadRemoteManifest(tinyFolder("tree"))).resolves.toBeNull();
  await expect(resolvePrm("http://127.0.0.1:8000")).rejects.toThrow(/"endpoint" of a prm\.json/);
});
