import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { sampleProblems } from "../../src/llm/sampler.ts";
import type { ProblemSample, SampleJob, SamplingOptions, SamplingProgress } from "../../src/llm/sampler.ts";
import { SampleStore } from "../../src/llm/store/store.ts";
import { range } from "./collect.ts";
import { FakeLlm } from "./fake-llm.ts";
import { apiError, completion, json, localServer } from "./local-server.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "funprm-sampler-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function job(problemId: string, content: string, samples: number): SampleJob {
  return { problemId, messages: [{ role: "user", content }], indices: range(samples) };
}

const text = ({ problemId, sample }: ProblemSample): string => `${problemId} ${sample.index} ${sample.text}`;

async function run(
  jobs: readonly SampleJob[],
  options: Partial<SamplingOptions> & Pick<SamplingOptions, "llm">,
): Promise<{ got: ProblemSample[]; error: unknown }> {
  const got: ProblemSample[] = [];
  try {
    const store = new SampleStore(directory);
    for await (const one of sampleProblems(jobs, { model: "m", params: {}, store, ...options }))
      got.push(one);
  } catch (error) {
    return { got, error };
  }
  return { got, error: undefined };
}

test("samples every problem, stores before it yields, and asks for nothing twice", async () => {
  const llm = new FakeLlm();
  const jobs = range(20).map((p) => job(`p${p}`, `say ${p}`, 3));
  const first = await run(jobs, { llm });
  expect(first.error).toBeUndefined();
  expect(first.got).toHaveLength(60);
  const asked = llm.activity.requests;
  const second = await run(jobs, { llm });
  expect(llm.activity.requests).toBe(asked);
  expect(second.got.every(({ stored }) => stored)).toBe(true);
  expect(second.got.map(text).sort()).toEqual(first.got.map(text).sort());
  const wider = await run(
    range(20).map((p) => job(`p${p}`, `say ${p}`, 5)),
    { llm },
  );
  expect(wider.got.filter(({ stored }) => stored)).toHaveLength(60);
  expect(llm.activity.requests).toBe(asked + 40);
});

test("a damaged sample is sampled again, alone", async () => {
  const llm = new FakeLlm();
  await run([job("p", "say x", 4)], { llm });
  const names = await readdir(directory, { recursive: true });
  const path = join(directory, names.find((name) => name.endsWith("-2.json")) ?? "");
  await writeFile(path, (await readFile(path, "utf8")).replace("x #2", "y #2"));
  const again = await run([job("p", "say x", 4)], { llm });
  expect(again.got.filter(({ stored }) => !stored).map(({ sample }) => [sample.index, sample.text])).toEqual([
    [2, "x #2"],
  ]);
});

test("a problem that fails does not hold up the others; the error names it", async () => {
  const jobs = [
    job("good", "say a", 2),
    job("bad", "status 400", 2),
    job("flaky", "status 500", 2),
    job("fine", "say b", 2),
  ];
  const { got, error } = await run(jobs, { llm: new FakeLlm() });
  expect(got.map(({ problemId }) => problemId).sort()).toEqual(["fine", "fine", "good", "good"]);
  expect(error).toMatchObject({ code: "api" });
  expect(String(error)).toContain("2 of 4 problems (bad, flaky)");
  expect(String(error)).toContain(directory);
});

test("a failure that concerns every request stops the run soon", async () => {
  await using server = await localServer((_, response) => apiError(response, 401, "wrong key"));
  const llm = await openAiLlm({ baseUrl: server.url, concurrency: 4 });
  const { got, error } = await run(
    range(200).map((p) => job(`p${p}`, `say ${p}`, 1)),
    { llm },
  );
  await llm.close();
  expect(got).toEqual([]);
  expect(error).toMatchObject({ code: "api", status: 401 });
  expect(server.seen.length).toBeLessThanOrEqual(8);
});

test("a key that is revoked in the middle: what arrived is kept", async () => {
  await using server = await localServer(({ number }, response) => {
    if (number > 30) apiError(response, 401, "revoked");
    else json(response, 200, completion(["x"]));
  });
  const llm = await openAiLlm({ baseUrl: server.url, concurrency: 4 });
  const jobs = range(100).map((p) => job(`p${p}`, `say ${p}`, 1));
  const { got, error } = await run(jobs, { llm });
  await llm.close();
  expect(error).toMatchObject({ status: 401 });
  expect(got).toHaveLength(30);
  const stored = await Promise.all(
    jobs.map((one) => new SampleStore(directory).load(server.url, { ...one, model: "m", params: {} })),
  );
  expect(stored.flat()).toHaveLength(30);
});

test("an aborted run stops asking, waits for what is under way, and keeps it", async () => {
  const stop = new AbortController();
  await using server = await localServer(async ({ number }, response) => {
    if (number === 6) stop.abort();
    else if (!stop.signal.aborted) await once(stop.signal, "abort");
    json(response, 200, completion(["x"]));
  });
  const llm = await openAiLlm({ baseUrl: server.url, concurrency: 6, choicesPerRequest: 1 });
  const { got, error } = await run([job("p", "say x", 40)], { llm, signal: stop.signal });
  await llm.close();
  expect(error).toMatchObject({ code: "interrupted" });
  expect(server.seen).toHaveLength(6);
  expect(got).toHaveLength(6);
});

test("an aborted run does not wait for a stalled server longer than its grace", async () => {
  const stop = new AbortController();
  await using server = await localServer(() => stop.abort());
  const llm = await openAiLlm({ baseUrl: server.url });
  const { got, error } = await run([job("p", "say x", 1)], { llm, signal: stop.signal, graceMs: 50 });
  await llm.close();
  expect(got).toEqual([]);
  expect(error).toMatchObject({ code: "interrupted" });
});

test("tells its progress: samples, tokens, cost", async () => {
  const told: SamplingProgress[] = [];
  const price = { input: 1e6, output: 2e6 };
  const options = { llm: new FakeLlm(), price, onProgress: (one: SamplingProgress) => told.push(one) };
  await run([job("a", "say x", 2)], options);
  await run([job("a", "say x", 3), job("b", "status 400", 2)], options);
  expect(told.at(-1)).toMatchObject({ done: 3, total: 5, stored: 2, failed: 2 });
  // "x #2": 10 prompt tokens at 1 dollar, 4 completion tokens at 2.
  expect(told.at(-1)).toMatchObject({ costUsd: 18, usage: { promptTokens: 10, completionTokens: 4 } });
  const done = told.map((one) => one.done);
  expect(done.slice(0, 2)).toEqual([1, 2]);
});

test("a consumer that stops early ends the run, and nothing hangs", async () => {
  const llm = new FakeLlm();
  for await (const _ of sampleProblems([job("p", "say x", 2000)], { llm, model: "m", params: {} })) break;
  expect(llm.activity.requests).toBeLessThan(1500);
});

test("no jobs, no samples", async () => {
  expect(await run([], { llm: new FakeLlm() })).toEqual({ got: [], error: undefined });
});
