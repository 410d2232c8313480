import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Budget } from "../../src/llm/cost/budget.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { sampleProblems } from "../../src/llm/sampler.ts";
import { SampleStore } from "../../src/llm/store/store.ts";
import { collect, range, request } from "./collect.ts";
import { completion, json, localServer } from "./local-server.ts";

type Fields = Readonly<Record<string, unknown>>;

/** An answer of one choice; `undefined` leaves a field out. */
function answer(choice: Fields, more: Fields = {}, message: Fields = {}): Fields {
  return {
    ...completion(["half a pro"]),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "half a pro", ...message },
        finish_reason: "stop",
        ...choice,
      },
    ],
    ...more,
  };
}
const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
const paid = { prompt_tokens: 9, completion_tokens: 800, total_tokens: 809 };
const thought = { ...paid, completion_tokens_details: { reasoning_tokens: 800 } };

const reasons =
  "error ERROR network_error insufficient_system_resource abort aborted cancelled timeout timed_out server_error".split(
    " ",
  );

const failed: [string, Fields][] = [
  ...reasons.map((reason): [string, Fields] => [`the reason ${reason}`, answer({ finish_reason: reason })]),
  ["an error in the choice", answer({ finish_reason: "error", error: { code: 502, message: "upstream" } })],
  ["an error in a choice that says stop", answer({ error: { code: 502, message: "upstream" } })],
  ["an error in words in the choice", answer({ error: "worker gone" })],
  ["an error in a choice with a code of 400", answer({ error: { code: 400, message: "provider refused" } })],
  ["an error in a choice with a code of 429", answer({ error: { code: 429, message: "slow down" } })],
  ["an error beside the choices", answer({}, { error: { code: 503, message: "overloaded" } })],
  ["an error in words beside the choices", answer({}, { error: "CUDA out of memory" })],
  ["an error without a code beside the choices", answer({}, { error: { message: "internal" } })],
  ["a reason of null and a usage of zeros", answer({ finish_reason: null }, { usage: zero })],
  ["a reason of null and no usage", answer({ finish_reason: null }, { usage: undefined })],
  ["a reason of null and a usage of null", answer({ finish_reason: null }, { usage: null })],
  ["an empty reason and no usage", answer({ finish_reason: "" }, { usage: undefined })],
  ["no reason and a usage of zeros", answer({ finish_reason: undefined }, { usage: zero })],
  ["neither field, once", answer({ finish_reason: undefined }, { usage: undefined })],
  ["tokens paid and an empty text", answer({}, { usage: paid }, { content: "" })],
  ["tokens paid and a text of null", answer({}, { usage: paid }, { content: null })],
  ["tokens paid and blanks", answer({}, { usage: paid }, { content: " \n" })],
  ["tokens paid and no parts", answer({}, { usage: paid }, { content: [] })],
  ["tokens paid, no text and no reason", answer({ finish_reason: null }, { usage: paid }, { content: "" })],
  [
    "a text completion that broke off",
    { choices: [{ index: 0, text: "half", finish_reason: "network_error" }], usage: paid },
  ],
];

const replies: [string, Fields][] = [
  ["a reason of null with a usage", answer({ finish_reason: null })],
  ["errors of null", answer({ error: null }, { error: null })],
  ["errors of nothing", answer({ error: {} }, { error: "" })],
  ["a reason nobody knows", answer({ finish_reason: "eos_token" })],
  [
    "cut at the token limit with no text",
    answer({ finish_reason: "length" }, { usage: paid }, { content: "" }),
  ],
  ["filtered away", answer({ finish_reason: "content_filter" }, { usage: paid }, { content: "" })],
  ["a refusal", answer({}, { usage: paid }, { content: null, refusal: "I will not" })],
  ["thoughts only", answer({}, { usage: paid }, { content: "", reasoning_content: "let me see" })],
  ["thoughts that are only counted", answer({}, { usage: thought }, { content: "" })],
  ["a tool call", answer({}, { usage: paid }, { content: null, tool_calls: [{ id: "1" }] })],
  ["nothing but the end token", answer({}, { usage: { ...paid, completion_tokens: 1 } }, { content: "" })],
  ["no reason but a usage", answer({ finish_reason: undefined }, { usage: paid })],
  ["a reason but no usage", answer({}, { usage: undefined })],
];

describe("an answer that failed inside a 200", () => {
  test.each(failed)("%s: asked for again, and only the reply is stored", async (_, body) => {
    const directory = await mkdtemp(join(tmpdir(), "funprm-failed-"));
    await using server = await localServer(({ number }, response) =>
      json(response, 200, number <= 1 ? body : completion(["whole"])),
    );
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 2 });
    const { messages, model, params } = request("x");
    const store = new SampleStore(directory);
    const texts: string[] = [];
    const jobs = [{ problemId: "p", messages, indices: [0] }];
    for await (const { sample } of sampleProblems(jobs, { llm, model, params, store }))
      texts.push(sample.text);
    await llm.close();
    const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".json"));
    await rm(directory, { recursive: true });
    expect(texts).toEqual(["whole"]);
    expect(files).toHaveLength(1);
    expect(server.seen).toHaveLength(2);
  });

  test.each(failed.filter(([name]) => name !== "neither field, once"))(
    "%s for ever: no sample, and an error that can be resumed",
    async (_, body) => {
      await using server = await localServer((__, response) => json(response, 200, body));
      const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 2 });
      const { samples, error } = await collect(llm, request("x"));
      await llm.close();
      expect(samples).toEqual([]);
      expect(error).toMatchObject({ name: "FunprmError", code: "api" });
      expect(String(error)).toMatch(/after [23] attempts/);
    },
  );

  test.each(replies)("%s: no failure but a reply", async (_, body) => {
    await using server = await localServer((__, response) => json(response, 200, body));
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { samples, error } = await collect(llm, request("x"));
    await llm.close();
    expect(error).toBeUndefined();
    expect(samples).toHaveLength(1);
    expect(server.seen).toHaveLength(1);
  });

  test("no credit left is not asked again", async () => {
    await using server = await localServer((_, response) =>
      json(response, 200, answer({}, { error: { code: 402, message: "Insufficient credits" } })),
    );
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { error } = await collect(llm, request("x"));
    await llm.close();
    expect(error).toMatchObject({ scope: "run", status: 402 });
    expect(server.seen).toHaveLength(1);
  });

  test("a server that never sends a reason or a usage is believed at its second answer", async () => {
    await using server = await localServer((_, response) =>
      json(response, 200, { choices: [{ message: { content: "whole" } }] }),
    );
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { samples, error } = await collect(llm, request("x", range(3)));
    await llm.close();
    expect(error).toBeUndefined();
    expect(samples).toHaveLength(3);
    expect(server.seen).toHaveLength(4);
  });

  test("one failed choice of several: the others keep their places, it alone is asked for again", async () => {
    await using server = await localServer(({ number, body }, response) => {
      const whole = completion(range(Number(body["n"] ?? 1)).map((k) => `${number}.${k}`));
      const choices = whole.choices.map((choice, k) =>
        number === 1 && k === 1 ? { ...Object(choice), finish_reason: "error" } : choice,
      );
      json(response, 200, { ...whole, choices });
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { samples } = await collect(llm, request("x", range(3)));
    const asked = server.seen.map(({ headers }) => headers["x-funprm-sample-indices"]);
    const tokens = samples.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
    await llm.close();
    expect(samples.map(({ text }) => text)).toEqual(["1.0", "2.0", "1.2"]);
    expect(asked).toEqual(["0,1,2", "1"]);
    // What the failed choice cost is among it.
    expect(tokens).toBe(4 * 7);
  });

  test("is paid for", async () => {
    const prices = { asOf: "2026-01-22", models: { "test-model": { input: 0, output: 1e6 } } };
    await using server = await localServer(({ number }, response) =>
      json(
        response,
        200,
        number === 1 ? answer({ finish_reason: "error" }, { usage: paid }) : completion(["x"]),
      ),
    );
    const budget = new Budget(1_000_000, prices);
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, budget });
    await collect(llm, request("x", [0], { maxTokens: 1000 }));
    await llm.close();
    expect(budget.spentUsd).toBe(800 + 7);
  });
});
