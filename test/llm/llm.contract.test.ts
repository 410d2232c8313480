import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { FunprmError } from "../../src/core/errors.ts";
import type { Llm } from "../../src/llm/llm.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { collect, range, request } from "./collect.ts";
import { FakeLlm, scriptOf } from "./fake-llm.ts";
import { apiError, json, localServer } from "./local-server.ts";
import type { LocalServer } from "./local-server.ts";

const chatSchema = z.object({ messages: z.array(z.object({ content: z.string() })) });

/** A server that follows the same script as the fake; it learns the indices from the header. */
function scriptedServer(): Promise<LocalServer> {
  return localServer(({ body, headers }, response) => {
    const { messages } = chatSchema.parse(body);
    const prompt = messages.map(({ content }) => content).join("\n");
    const indices = String(headers["x-funprm-sample-indices"]).split(",").map(Number);
    const scripts = indices.map((index) => scriptOf(prompt, index));
    const status = scripts[0]?.status;
    if (status !== undefined) {
      apiError(response, status, "as the script says");
      return;
    }
    const length = scripts.reduce((sum, { text }) => sum + text.length, 0);
    json(response, 200, {
      model: body["model"],
      choices: scripts.map(({ text, finishReason, refusal }, index) => ({
        index,
        message: { role: "assistant", content: text, refusal },
        finish_reason: finishReason,
      })),
      usage: { prompt_tokens: 10, completion_tokens: length, total_tokens: 10 + length },
    });
  });
}

describe.each(["fake", "real"])("any Llm: the %s one", (kind) => {
  let llm: Llm;
  let server: LocalServer | undefined;

  beforeAll(async () => {
    if (kind === "fake") {
      llm = new FakeLlm();
      return;
    }
    server = await scriptedServer();
    llm = await openAiLlm({
      baseUrl: server.url,
      concurrency: 4,
      choicesPerRequest: 3,
      maxRetries: 1,
      backoffBaseMs: 1,
    });
  });
  afterAll(async () => {
    await llm.close();
    await server?.[Symbol.asyncDispose]();
  });

  test("yields every wanted index once, and only those", async () => {
    const { samples, error } = await collect(llm, request("say yes", [7, 0, 3, 12, 5, 100]));
    expect(error).toBeUndefined();
    expect(samples.map(({ index, text }) => [index, text])).toEqual(
      [0, 3, 5, 7, 12, 100].map((index) => [index, `yes #${index}`]),
    );
  });

  test("asks for nothing when nothing is wanted", async () => {
    const before = llm.activity.requests;
    expect((await collect(llm, request("say yes", []))).samples).toEqual([]);
    expect(llm.activity.requests).toBe(before);
  });

  test("counts tokens that add up", async () => {
    const { samples } = await collect(llm, request("say one two three", range(3)));
    const total = samples.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
    expect(total).toBe(samples.reduce((sum, { text }) => sum + text.length, 0));
    for (const { usage } of samples) {
      for (const tokens of [usage.promptTokens, usage.completionTokens]) {
        expect(Number.isInteger(tokens) && tokens >= 0).toBe(true);
      }
    }
  });

  test.each([
    ["cut", "length", "token limit"],
    ["empty", "stop", "empty"],
    ["refuse", "stop", "refused"],
  ])("a reply of little worth is data with a warning: %s", async (line, finishReason, warning) => {
    const { samples, error } = await collect(llm, request(`say it\n${line}`));
    expect(error).toBeUndefined();
    expect(samples).toHaveLength(1);
    expect(samples[0]?.finishReason).toBe(finishReason);
    expect(samples[0]?.warnings.join()).toContain(warning);
  });

  test.each([
    [401, "run"],
    [404, "run"],
    [400, "prompt"],
  ])("a request that fails for good is an api error: %i", async (status, scope) => {
    const { samples, error } = await collect(llm, request(`status ${status}`));
    expect(samples).toEqual([]);
    expect(error).toMatchObject({ name: "FunprmError", code: "api", status, scope });
  });

  test("stops at once when the signal is already aborted", async () => {
    const before = llm.activity.requests;
    const { samples, error } = await collect(llm, request("say no"), { signal: AbortSignal.abort() });
    expect(samples).toEqual([]);
    expect(error).toMatchObject({ code: "interrupted" });
    expect(llm.activity.requests).toBe(before);
  });

  test.each([
    ["repeated indices", request("x", [1, 1])],
    ["a negative index", request("x", [-1])],
    ["no messages", { ...request("x"), messages: [] }],
    ["no model", { ...request("x"), model: "" }],
    ["a token limit of 0", request("x", [0], { maxTokens: 0 })],
    ["its own field in extraBody", request("x", [0], { extraBody: { n: 3 } })],
  ])("refuses %s", async (_, wanted) => {
    const { error } = await collect(llm, wanted);
    expect(error).toBeInstanceOf(FunprmError);
    expect(error).toMatchObject({ code: "usage" });
  });
});
