import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Sample } from "../../../src/llm/llm.ts";
import { SampleStore } from "../../../src/llm/store/store.ts";
import { storeKey } from "../../../src/llm/store/store-key.ts";
import { range, request } from "../collect.ts";

const ENDPOINT = "http://127.0.0.1/v1";
let directory: string;
let warnings: string[];
let store: SampleStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "funprm-store-"));
  warnings = [];
  store = new SampleStore(directory, (warning) => warnings.push(warning));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function sample(index: number, text = `text ${index}`): Sample {
  return {
    index,
    text,
    finishReason: "stop",
    usage: {
      promptTokens: 1,
      cachedPromptTokens: 0,
      completionTokens: 2,
      reasoningTokens: 0,
      estimated: false,
    },
    usageSharedBy: 1,
    model: "m",
    createdAt: "2026-01-22T00:00:00.000Z",
    warnings: [],
  };
}

async function fileOf(index: number): Promise<string> {
  const names = await readdir(directory, { recursive: true });
  const name = names.find((one) => one.endsWith(`-${index}.json`));
  if (name === undefined) throw new Error(`sample ${index} has no file`);
  return join(directory, name);
}

test("gives back what was saved, field by field, whatever the text holds", async () => {
  const odd: Sample = {
    ...sample(3, '\u2028 \u0000 \r\n \ud83d\ude00 lone \ud800 "\\ ```'),
    reasoning: "",
    refusal: "no",
    requestId: "req",
    logprobs: { tokens: 1, meanLogprob: -0.1, minLogprob: -0.1, selfCertainty: 2.5 },
    warnings: ["w"],
  };
  await store.save(ENDPOINT, request("x"), [odd]);
  expect(await new SampleStore(directory).load(ENDPOINT, request("x", [3]))).toEqual([odd]);
});

test("N grows: of 16 asked for, the 4 there are found and 12 are missing", async () => {
  await store.save(
    ENDPOINT,
    request("x", range(4)),
    range(4).map((i) => sample(i)),
  );
  const wider = request("x", range(16));
  expect((await store.load(ENDPOINT, wider)).map(({ index }) => index)).toEqual(range(4));
  expect(await store.missing(ENDPOINT, wider)).toEqual(range(16).slice(4));
});

test("an empty or absent folder holds nothing", async () => {
  expect(await store.load(ENDPOINT, request("x", range(3)))).toEqual([]);
  expect(await new SampleStore(join(directory, "absent")).missing(ENDPOINT, request("x"))).toEqual([0]);
});

test.each([
  ["the endpoint", storeKey("http://other/v1", request("x"))],
  ["the prompt", storeKey(ENDPOINT, request("y"))],
  ["the model", storeKey(ENDPOINT, { ...request("x"), model: "other" })],
  ["the temperature, 0 too", storeKey(ENDPOINT, request("x", [0], { temperature: 0 }))],
  ["top_p", storeKey(ENDPOINT, request("x", [0], { topP: 0.5 }))],
  ["the token limit", storeKey(ENDPOINT, request("x", [0], { maxTokens: 5 }))],
  ["the seed", storeKey(ENDPOINT, request("x", [0], { seed: 0 }))],
  ["stop", storeKey(ENDPOINT, request("x", [0], { stop: ["a"] }))],
  ["the reasoning effort", storeKey(ENDPOINT, request("x", [0], { reasoningEffort: "low" }))],
  ["log-probabilities", storeKey(ENDPOINT, request("x", [0], { logprobs: true }))],
  ["extra fields", storeKey(ENDPOINT, request("x", [0], { extraBody: { top_k: 1 } }))],
  ["a message's role", storeKey(ENDPOINT, { ...request("x"), messages: [{ role: "system", content: "x" }] })],
])("the key changes with %s", (_, key) => {
  expect(key).not.toBe(storeKey(ENDPOINT, request("x")));
});

test("the key does not change with the indices or the order of fields", () => {
  const a = { temperature: 1, topP: 0.5, extraBody: { a: 1, b: { c: 2, d: 3 } } };
  const b = { extraBody: { b: { d: 3, c: 2 }, a: 1 }, topP: 0.5, temperature: 1 };
  expect(storeKey(ENDPOINT, request("x", range(9), a))).toBe(storeKey(ENDPOINT, request("x", [4], b)));
});

test.each([
  ["empty", (path: string) => truncate(path, 0)],
  ["cut off", (path: string) => truncate(path, 150)],
  ["cut by its last byte", async (path: string) => truncate(path, (await readFile(path)).length - 1)],
  ["zeros", (path: string) => writeFile(path, Buffer.alloc(400))],
  ["another index's file", async (path: string) => writeFile(path, await readFile(await fileOf(1)))],
  ["longer", async (path: string) => writeFile(path, `${await readFile(path, "utf8")}{}\n`)],
])("a damaged file (%s) is moved aside with a warning and counts as missing", async (_, damage) => {
  await store.save(ENDPOINT, request("x"), [sample(0), sample(1)]);
  await damage(await fileOf(0));
  expect((await store.load(ENDPOINT, request("x", [0, 1]))).map(({ index }) => index)).toEqual([1]);
  expect(warnings).toHaveLength(1);
  expect(await readdir(join(directory, "damaged"))).toHaveLength(1);
  await store.save(ENDPOINT, request("x"), [sample(0, "again")]);
  expect((await store.load(ENDPOINT, request("x", [0])))[0]?.text).toBe("again");
});

test("no flipped bit goes unnoticed", async () => {
  await store.save(ENDPOINT, request("x"), [sample(0)]);
  const path = await fileOf(0);
  const whole = await readFile(path);
  for (let bit = 0; bit < whole.length * 8; bit += 13) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    await writeFile(path, flipped);
    expect(await store.load(ENDPOINT, request("x"))).toEqual([]);
  }
});

test("leftovers of dead processes are ignored and removed, those of living ones stay", async () => {
  await store.save(ENDPOINT, request("x"), [sample(0)]);
  const path = await fileOf(0);
  const folder = dirname(path);
  const stem = basename(path, "0.json");
  const host = hostname().replace(/[^\w.-]/g, "_");
  const living = `${stem}2.json.${process.ppid}@${host}@abcdef012345.tmp`;
  const ownPidBefore = `${stem}3.json.${process.pid}@${host}@abcdef012345.tmp`;
  for (const name of [
    `${stem}1.json.4194303@${host}@abcdef012345.tmp`,
    living,
    ownPidBefore,
    `${stem}4.json.7@elsewhere@abcdef012345.tmp`,
  ]) {
    await writeFile(join(folder, name), "half");
  }
  await utimes(join(folder, ownPidBefore), 1, 1);
  await utimes(join(folder, `${stem}4.json.7@elsewhere@abcdef012345.tmp`), 1, 1);
  expect((await store.load(ENDPOINT, request("x", range(5)))).map(({ index }) => index)).toEqual([0]);
  // A shard is cleaned once by each store.
  await new SampleStore(directory).load(ENDPOINT, request("x", [0]));
  expect((await readdir(folder)).sort()).toEqual([basename(path), living].sort());
});

test("a folder that cannot be written is an input error that names it", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  const error: unknown = await new SampleStore(file)
    .save(ENDPOINT, request("x"), [sample(0)])
    .catch((e: unknown) => e);
  expect(error).toMatchObject({ name: "FunprmError", code: "input" });
  expect(String(error)).toContain(file);
  await mkdir(join(directory, "ok"));
  await new SampleStore(join(directory, "ok")).save(ENDPOINT, request("x"), [sample(0)]);
});
