import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget } from "../../../src/llm/cost/budget.ts";
import { forecast } from "../../../src/llm/cost/forecast.ts";
import { openAiLlm } from "../../../src/llm/openai-client.ts";
import { costOf, loadPrices, priceOf } from "../../../src/llm/cost/prices.ts";
import { estimatePromptTokens, estimateTokens, mostTokens } from "../../../src/llm/cost/tokens.ts";
import { addUsage, NO_USAGE, splitUsage } from "../../../src/llm/cost/usage.ts";
import { collect, range, request } from "../collect.ts";
import { apiError, completion, json, localServer } from "../local-server.ts";

/** One dollar a prompt token, two a completion token. */
const prices = { asOf: "2026-01-22", models: { "test-model": { input: 1e6, output: 2e6 } } };

describe("usage", () => {
  test("the parts add up to the whole, none is negative", () => {
    const tokens = fc.nat({ max: 1e6 });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        fc.array(fc.nat({ max: 9999 }), { minLength: 1, maxLength: 20 }),
        (p, c, r, weights) => {
          const usage = {
            promptTokens: p,
            cachedPromptTokens: 0,
            completionTokens: c,
            reasoningTokens: r,
            estimated: false,
          };
          const parts = splitUsage(usage, weights);
          expect(parts.reduce(addUsage, NO_USAGE)).toEqual(usage);
          expect(parts.every((part) => part.completionTokens >= 0 && part.promptTokens >= 0)).toBe(true);
        },
      ),
    );
  });

  test("a longer reply has the larger part", () => {
    const usage = {
      promptTokens: 9,
      cachedPromptTokens: 3,
      completionTokens: 100,
      reasoningTokens: 0,
      estimated: false,
    };
    expect(splitUsage(usage, [10, 30, 60]).map((part) => part.completionTokens)).toEqual([10, 30, 60]);
  });

  test("an estimate never exceeds the upper bound", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => estimateTokens(text) <= Math.max(1, mostTokens(text)),
      ),
    );
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("def f(x): return x")).toBe(5);
    expect(estimateTokens("求和")).toBe(2);
  });
});

describe("prices", () => {
  test("known models, with provider and snapshot in the name; unknown ones have none", () => {
    const table = loadPrices();
    expect(priceOf("openai/gpt-4o-mini-2024-07-18", table)).toEqual(priceOf("gpt-4o-mini", table));
    expect(priceOf("gpt-4o", table)).toEqual({ input: 2.5, cachedInput: 1.25, output: 10 });
    expect(priceOf("gpt-4o-nonesuch", table)).toBeUndefined();
    expect(priceOf("constructor", table)).toBeUndefined();
  });

  test("cached tokens cost less, reasoning tokens are completion tokens", () => {
    const price = { input: 2, cachedInput: 0.5, output: 8 };
    expect(
      costOf({ promptTokens: 1_000_000, cachedPromptTokens: 400_000, completionTokens: 500_000 }, price),
    ).toBeCloseTo(1.2 + 0.2 + 4);
  });

  test("the user's file goes over ours, and is refused by name when it is something else", async () => {
    const directory = await mkdtemp(join(tmpdir(), "funprm-prices-"));
    const file = join(directory, "prices.json");
    const mine = { format: "funprm-prices/1", asOf: "2026-02-01", unit: "USD per million tokens" };
    await writeFile(
      file,
      JSON.stringify({
        ...mine,
        models: { "gpt-4o": { input: 9, output: 9 }, mine: { input: 0, output: 0 } },
      }),
    );
    const table = loadPrices(file);
    expect(priceOf("gpt-4o", table)).toEqual({ input: 9, output: 9 });
    expect(priceOf("mine", table)).toEqual({ input: 0, output: 0 });
    expect(priceOf("o3", table)).toBeDefined();
    for (const content of [
      "",
      "[]",
      "{",
      JSON.stringify({ ...mine, models: { x: { input: -1, output: 1 } } }),
    ]) {
      await writeFile(file, content);
      expect(() => loadPrices(file)).toThrow(file);
    }
    expect(() => loadPrices(join(directory, "absent.json"))).toThrow("absent.json");
    await rm(directory, { recursive: true });
  });
});

describe("forecast", () => {
  const jobs = [
    { messages: request("a".repeat(400)).messages, samples: 10 },
    { messages: request("b").messages, samples: 0 },
  ];

  test("adds up prompts a request and the longest replies", () => {
    const prompt = estimatePromptTokens(request("a".repeat(400)).messages);
    const told = forecast(jobs, { model: "test-model", maxTokens: 50, choicesPerRequest: 4, prices });
    expect(told).toEqual({
      samples: 10,
      requests: 3,
      promptTokens: 3 * prompt,
      mostCompletionTokens: 500,
      promptUsd: 3 * prompt,
      mostUsd: 3 * prompt + 1000,
    });
  });

  test("says what it does not know", () => {
    expect(forecast(jobs, { model: "unknown", maxTokens: 50, prices })).toMatchObject({
      promptUsd: null,
      mostUsd: null,
    });
    expect(forecast(jobs, { model: "test-model", prices })).toMatchObject({
      mostCompletionTokens: null,
      mostUsd: null,
    });
  });
});

describe("a budget", () => {
  const asked = request("hi", [0], { maxTokens: 10 });
  const usage = { ...NO_USAGE, promptTokens: 1, completionTokens: 1 };

  test("is never passed, in whatever order requests end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 400 }),
        fc.array(fc.tuple(fc.nat({ max: 18 }), fc.nat({ max: 10 })), { maxLength: 30 }),
        async (limit, ends) => {
          const budget = new Budget(limit, prices);
          await Promise.all(
            ends.map(async ([promptTokens, completionTokens]) => {
              const reservation = await budget.reserve(asked, 1).catch(() => undefined);
              await Promise.resolve();
              reservation?.settle({ ...NO_USAGE, promptTokens, completionTokens });
              expect(budget.spentUsd).toBeLessThanOrEqual(limit);
            }),
          );
          expect(budget.spentUsd).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  test("waits for requests under way, which settle lower", async () => {
    const worst = new Budget(1e9, prices).worstCaseUsd(asked, 1);
    const budget = new Budget(worst + 5, prices);
    const first = await budget.reserve(asked, 1);
    const second = budget.reserve(asked, 1);
    first.settle(usage);
    first.forfeit();
    expect(budget.spentUsd).toBe(3);
    (await second).cancel();
    await expect(budget.reserve(asked, 2)).rejects.toMatchObject({ code: "budget" });
    (await budget.reserve(asked, 1)).forfeit();
    expect(budget.spentUsd).toBe(3 + worst);
  });

  test("says what it needs: the model's price, a token limit", async () => {
    const budget = new Budget(1, prices);
    await expect(budget.reserve({ ...asked, model: "secret-model" }, 1)).rejects.toThrow(
      /secret-model[^]*--prices FILE/,
    );
    await expect(budget.reserve(request("hi"), 1)).rejects.toThrow("--max-tokens");
    expect(() => new Budget(-1, prices)).toThrow("--max-cost");
    expect(() => new Budget(NaN, prices)).toThrow("--max-cost");
  });

  test.each([
    ["honest", false],
    ["without usage", true],
  ])("stops a run before it is passed, and what was sampled is there: a server %s", async (_, silent) => {
    await using server = await localServer(({ body }, response) => {
      const texts = range(Number(body["n"] ?? 1)).map(() => "1234567");
      json(response, 200, completion(texts, silent ? { usage: undefined } : {}));
    });
    const budget = new Budget(300, prices);
    const llm = await openAiLlm({ baseUrl: server.url, budget, concurrency: 8, choicesPerRequest: 2 });
    const { samples, error } = await collect(llm, request("hi", range(64), { maxTokens: 10 }));
    await llm.close();
    expect(error).toMatchObject({ code: "budget" });
    expect(samples.length).toBeGreaterThan(4);
    expect(samples.length).toBeLessThan(64);
    expect(budget.spentUsd).toBeLessThanOrEqual(300);
    const paid = samples.reduce(
      (sum, { usage: { promptTokens, completionTokens } }) => sum + promptTokens + 2 * completionTokens,
      0,
    );
    expect(paid).toBeLessThanOrEqual(budget.spentUsd);
  });

  test("refused requests cost nothing, lost answers count in full", async () => {
    await using server = await localServer(({ number }, response) => {
      if (number === 1) apiError(response, 500, "oops");
      else if (number === 2) response.destroy();
      else json(response, 200, completion(["x"]));
    });
    const budget = new Budget(1000, prices);
    const llm = await openAiLlm({ baseUrl: server.url, budget, backoffBaseMs: 1 });
    const { samples } = await collect(llm, asked);
    await llm.close();
    expect(samples).toHaveLength(1);
    expect(budget.spentUsd).toBe(budget.worstCaseUsd(asked, 1) + 10 + 2 * 7);
  });
});
