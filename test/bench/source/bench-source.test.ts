/** Where a bench's problems and candidates come from, without the command around it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type BenchSource, loadSource } from "../../../src/bench/source/bench-source.ts";
import { openJudge } from "../../../src/solve/open-judge.ts";
import { readOptions } from "../../../src/settings/options.ts";
import { createReporter } from "../../../src/console/reporter.ts";
import { Budget } from "../../../src/llm/cost/budget.ts";
import { loadPrices } from "../../../src/llm/cost/prices.ts";
import { apiError, completion, json, localServer } from "../../llm/local-server.ts";
import { lines, writePool } from "../../cli/commands/bench-pools.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-source-"));
  vi.stubEnv("OPENAI_API_KEY", "sk-secret-0123456789");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const TEST = "import unittest\n\nclass TestCases(unittest.TestCase):\n    def test_it(self):\n        pass\n";
const signal = new AbortController().signal;
const quiet = createReporter(true);

function invocation(flags: Readonly<Record<string, unknown>>, ...args: readonly string[]) {
  return { args, flags: { store: join(directory, "samples"), ...flags }, command: "bench", signal };
}

function load(flags: Readonly<Record<string, unknown>>, ...args: readonly string[]): Promise<BenchSource> {
  const given = invocation(flags, ...args);
  return loadSource(given, readOptions(given, directory), quiet, undefined);
}

it("a folder of programs is a pool, named in the run's identity by what is in it", async () => {
  const { problems } = writePool(directory, (row) => row, ["interval-merge"]);
  const pool = join(directory, "programs");
  mkdirSync(pool);
  writeFileSync(join(pool, "0.py"), "print(1)\n");
  writeFileSync(join(pool, "1.py"), "print(2)\n");
  const sums: unknown[] = [];
  for (const code of ["print(2)\n", "print(2)\n", "print(3)\n"]) {
    writeFileSync(join(pool, "1.py"), code);
    const source = await load({ pool: [pool], problems });
    expect((await source.candidates(signal)).problems[0]?.candidates.length).toBe(2);
    sums.push(source.identity["candidates_sha256"]);
    await source.close();
  }
  expect(sums[0]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(sums[1]).toEqual(sums[0]);
  expect(sums[2]).not.toEqual(sums[0]);
});

it("a field of --by that no candidate has is refused: it would make one sampler of all", async () => {
  const { problems, candidates } = writePool(directory, (row) => ({ ...row, prompt: "plain" }));
  const flags = { pool: [candidates], problems };
  await expect(load({ ...flags, by: "model,promt" })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/--by promt: expected a field of the candidates.*prompt/),
  });
  await (await load({ ...flags, by: "model,prompt" })).close();
  await (await load({ ...flags, by: "none" })).close();
  await (await load(flags)).close();
});

it("when the API fails before any problem is complete, its own failure is told", async () => {
  const { problems } = writePool(directory, (row) => row, ["interval-merge"]);
  await using server = await localServer(({ number }, response) => {
    if (number === 1) json(response, 200, completion(["```python\nprint(1)\n```"]));
    else apiError(response, 401, "no such key");
  });
  const source = await load({ problems, model: "m", baseUrl: server.url, samples: "3", concurrency: "1" });
  await expect(source.candidates(signal)).rejects.toMatchObject({ code: "api" });
  await source.close();
});

it("every prompt that may be used is named, whatever kind the first problem is of", async () => {
  const { problems } = writePool(directory);
  const source = await load({ problems, model: "m", baseUrl: "http://127.0.0.1:9/v1" });
  const all = Object.fromEntries(
    ["stdin", "method", "function"].map((name) => [name, expect.stringMatching(/^[0-9a-f]{64}$/)]),
  );
  expect(source.producedBy["sampling"]).toMatchObject({ model: "m", prompts: all });
  expect(source.identity["prompts_sha256"]).toHaveLength(3);
  await source.close();
});

it("what a refused bench had rewritten for itself is removed", async () => {
  const temporary = join(directory, "temporary");
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  const problems = join(directory, "tasks.jsonl");
  const task = { task_id: "BigCodeBench/0", instruct_prompt: "Do it.", code_prompt: "def task_func():\n" };
  writeFileSync(problems, lines([{ ...task, entry_point: "task_func", complete_prompt: "def", test: TEST }]));
  // It has no date.
  const flags = { problems, subset: "full", split: "instruct", from: "2025-01-01" };
  await expect(load(flags, "bigcodebench")).rejects.toThrow(/none of the 1 problems/);
  expect(readdirSync(temporary)).toEqual([]);
});

it("samples and judge spend from one budget: --max-cost holds for both together", async () => {
  await using server = await localServer((_, response) => json(response, 200, completion(["GRADE: 90"])));
  const prices = loadPrices();
  const budget = new Budget(0.01, prices);
  const [model = ""] = Object.keys(prices.models);
  const messages = [{ role: "user" as const, content: "x" }];
  const spent = { messages, model, params: { maxTokens: 1 }, indices: [0] };
  const usage = { promptTokens: 0, cachedPromptTokens: 0, reasoningTokens: 0, estimated: false };
  (await budget.reserve(spent, 1)).settle({ ...usage, completionTokens: 1e9 });
  const given = invocation({ judge: model, baseUrl: server.url, maxCost: "0.01" });
  const judge = await openJudge(readOptions(given, directory), quiet, budget);
  const ask = async (): Promise<void> => {
    const jobs = [{ problemId: "p", messages, indices: [0] }];
    for await (const _sample of judge?.ask(jobs, { signal, onProgress: () => {} }) ?? []);
  };
  await expect(ask()).rejects.toMatchObject({ code: "budget" });
  expect(server.seen.length).toBe(0);
  await judge?.close();
});
