import { createHash, randomBytes } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchDatasetFile } from "../../src/hub/dataset.ts";
import type { HubSettings } from "../../src/hub/settings.ts";
import { type HubFaults, type HubFile, type HubServer, startHub } from "./hub-server.ts";

const FILE = { repository: "some/data", revision: "main", path: "data/test 1.jsonl" };
const AT = "some/data/resolve/main/data/test 1.jsonl";
const BODY = randomBytes(300_000);

let cacheFolder: string;
let hub: HubServer | undefined;
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), "funprm-hub-"));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  rmSync(cacheFolder, { recursive: true });
});

async function serve(faults: HubFaults = {}, file: HubFile = { body: BODY }): Promise<HubServer> {
  hub = await startHub(() => ({ [AT]: file }), { clientFolder: cacheFolder, ...faults });
  return hub;
}

function settings(more: Partial<HubSettings> = {}): HubSettings {
  return {
    cacheFolder,
    endpoint: hub?.endpoint ?? "http://127.0.0.1:9",
    token: null,
    offline: false,
    ...more,
  };
}

describe("fetchDatasetFile", () => {
  it("follows the hub's redirect, says how large the file is before it comes, and keeps it", async () => {
    const { requests } = await serve();
    const said: unknown[] = [];
    let most = 0;
    const path = await fetchDatasetFile(FILE, settings(), {
      onStart: (file, total, done) => said.push([file, total, done]),
      onProgress: (_, done) => (most = done),
    });
    expect(readFileSync(path).equals(BODY)).toBe(true);
    expect(said).toEqual([["some/data/data/test 1.jsonl", BODY.length, 0]]);
    expect(most).toBe(BODY.length);
    const asked = requests.length;
    expect(await fetchDatasetFile(FILE, settings())).toBe(path);
    expect(await fetchDatasetFile(FILE, settings({ offline: true }))).toBe(path);
    expect(requests.length).toBe(asked);
  });

  it("goes on where the connection was cut, within one command", async () => {
    const { requests } = await serve({ cutAfter: (transfer) => (transfer < 2 ? 100_000 : undefined) });
    const path = await fetchDatasetFile(FILE, settings());
    expect(readFileSync(path).equals(BODY)).toBe(true);
    const ranges = requests.filter(({ path: at }) => at.startsWith("/blob/")).map(({ range }) => range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ""))).toBe(true);
    expect(ranges.length).toBe(3);
  });

  it("goes on in the next command where all attempts of the first were cut", async () => {
    await serve({ cutAfter: () => 30_000 });
    await expect(fetchDatasetFile(FILE, settings())).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("Run the command again to go on"),
    });
    await hub?.close();
    await serve();
    const starts: number[] = [];
    const path = await fetchDatasetFile(FILE, settings(), { onStart: (_, __, done) => starts.push(done) });
    expect(readFileSync(path).equals(BODY)).toBe(true);
    expect(starts[0]).toBeGreaterThan(0);
  });

  it("takes what had arrived whole when the last command was killed before it could be checked", async () => {
    const { requests } = await serve();
    const path = await fetchDatasetFile(FILE, settings());
    renameSync(path, `${path}.partial`);
    writeFileSync(`${path}.partial.etag`, createHash("sha256").update(BODY).digest("hex"));
    const asked = requests.length;
    expect(readFileSync(await fetchDatasetFile(FILE, settings())).equals(BODY)).toBe(true);
    expect(requests.slice(asked).map(({ range }) => range)).toEqual([
      `bytes=${BODY.length}-`,
      `bytes=${BODY.length}-`,
    ]);
    expect(readdirSync(dirname(path))).toEqual(["test 1.jsonl"]);
  });

  it("begins anew when the hub's file has become another one, and when it ignores ranges", async () => {
    await serve({ cutAfter: () => 30_000 });
    await fetchDatasetFile(FILE, settings()).catch(() => {});
    await hub?.close();
    const other = randomBytes(50_000);
    await serve({}, { body: other });
    expect(readFileSync(await fetchDatasetFile(FILE, settings()))).toEqual(other);
    rmSync(join(cacheFolder, "datasets--some--data"), { recursive: true });
    await hub?.close();
    await serve({ ignoreRange: true, cutAfter: (transfer) => (transfer === 0 ? 100_000 : undefined) });
    expect(readFileSync(await fetchDatasetFile(FILE, settings())).equals(BODY)).toBe(true);
  });

  it("refuses a file whose sum is not the hub's, and keeps nothing of it", async () => {
    await serve({}, { body: BODY, etag: "ab".repeat(32) });
    await expect(fetchDatasetFile(FILE, settings())).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/expected sha256 abab.*, got [0-9a-f]{64}/),
    });
    const left = readdirSync(cacheFolder, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\./.test(name),
    );
    expect(left).toEqual([]);
  });

  it("sends the token to the hub and to nobody else; without it the message says where to put one", async () => {
    const { requests } = await serve({ token: "hf_secret" });
    await expect(fetchDatasetFile(FILE, settings())).rejects.toMatchObject({
      message: expect.stringContaining("HF_TOKEN"),
    });
    expect(readFileSync(await fetchDatasetFile(FILE, settings({ token: "hf_secret" }))).equals(BODY)).toBe(
      true,
    );
    const elsewhere = requests.filter(({ path }) => path.startsWith("/blob/"));
    expect(elsewhere.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("tries again after a server error, not after a refusal", async () => {
    const { requests } = await serve({ status: (transfer) => (transfer === 0 ? 503 : undefined) });
    expect(readFileSync(await fetchDatasetFile(FILE, settings())).equals(BODY)).toBe(true);
    const asked = requests.length;
    await expect(fetchDatasetFile({ ...FILE, path: "none.jsonl" }, settings())).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("HTTP 404"),
    });
    expect(requests.length).toBe(asked + 1);
  });

  it("offline without a copy, or with nobody at the address: says what to do", async () => {
    await expect(fetchDatasetFile(FILE, settings({ offline: true }))).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/while offline.*HF_HUB_OFFLINE.*--problems/),
    });
    const { endpoint } = await serve();
    await hub?.close();
    await expect(fetchDatasetFile(FILE, settings({ endpoint }))).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("an abort is an interruption, and what has arrived is kept", async () => {
    await serve({ cutAfter: () => 50_000 });
    const abort = new AbortController();
    const options = {
      signal: abort.signal,
      onProgress: (_: string, done: number) => void (done > 10_000 && abort.abort()),
    };
    await expect(fetchDatasetFile(FILE, settings(), options)).rejects.toMatchObject({ code: "interrupted" });
  });

  it("a cache that cannot be written says so at once, and where else it may be", async () => {
    const { requests } = await serve();
    mkdirSync(join(cacheFolder, "datasets--some--data", "main", "data", "test 1.jsonl.partial"), {
      recursive: true,
    });
    await expect(fetchDatasetFile(FILE, settings())).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/expected to write there, got EISDIR.* HF_HOME/),
    });
    expect(requests.length).toBe(2);
  });

  it("two at once: the second is told, not mixed in", async () => {
    await serve();
    const both = await Promise.allSettled([
      fetchDatasetFile(FILE, settings()),
      fetchDatasetFile(FILE, settings()),
    ]);
    const paths = both.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(readFileSync(path).equals(BODY)).toBe(true);
    const refused = both.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
    expect(refused).toEqual(refused.map(() => expect.stringContaining("another download works here")));
  });
});
