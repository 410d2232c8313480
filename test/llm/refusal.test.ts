import { describe, expect, test } from "vitest";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { collect, range, request } from "./collect.ts";
import { apiError, completion, json, localServer } from "./local-server.ts";

describe("a server that refuses n", () => {
  test.each([
    ["Only one completion choice is allowed", 400],
    ["best_of must be 1 when using greedy sampling", 400],
    ["Sampling several sequences is something we do not do", 400],
    ["Bad Request", 400],
    ["", 400],
    ["请求参数错误", 400],
    ["body.n: Input should be less than or equal to 1", 422],
    ["not implemented", 501],
  ])("in the words %j (%i) is asked singly, and once is enough", async (words, status) => {
    await using server = await localServer(({ body }, response) => {
      if (body["n"] === undefined) json(response, 200, completion(["one"]));
      else apiError(response, status, words);
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 0 });
    const first = await collect(llm, request("x", range(3)));
    const second = await collect(llm, request("y", range(2)));
    await llm.close();
    expect([first.error, second.error]).toEqual([undefined, undefined]);
    expect([first.samples.length, second.samples.length]).toEqual([3, 2]);
    expect(server.seen.map(({ body }) => body["n"])).toEqual([
      3,
      ...Array.from({ length: 5 }, () => undefined),
    ]);
  });

  test("and a parameter too: both are learnt", async () => {
    await using server = await localServer(({ body }, response) => {
      if (body["temperature"] !== undefined) apiError(response, 400, "temperature is not supported");
      else if (body["n"] !== undefined) apiError(response, 400, "no");
      else json(response, 200, completion(["one"]));
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 0 });
    const { samples } = await collect(llm, request("x", range(3), { temperature: 1 }));
    await llm.close();
    expect(samples).toHaveLength(3);
  });
});

describe("a server that takes n", () => {
  test("goes on being asked for several after it refused something else", async () => {
    await using server = await localServer(({ body }, response) => {
      if (body["temperature"] !== undefined) apiError(response, 400, "temperature is not supported");
      else json(response, 200, completion(range(Number(body["n"] ?? 1)).map(String)));
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 0 });
    await collect(llm, request("x", range(3), { temperature: 1 }));
    await llm.close();
    expect(server.seen.at(-1)?.body["n"]).toBe(3);
  });

  test("goes on being asked for several after it refused a prompt, which costs one request more at most", async () => {
    await using server = await localServer(({ body }, response) => {
      if (JSON.stringify(body).includes("long")) apiError(response, 400, "prompt is too long");
      else json(response, 200, completion(range(Number(body["n"] ?? 1)).map(String)));
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 0 });
    const { error } = await collect(llm, request("long", range(3)));
    await collect(llm, request("x", range(3)));
    await collect(llm, request("long again", range(3)));
    await llm.close();
    expect(error).toMatchObject({ code: "api", scope: "prompt", status: 400 });
    expect(server.seen.map(({ body }) => body["n"])).toEqual([3, undefined, 3, 3]);
  });
});

describe("a token limit that a server refuses", () => {
  test.each([
    ["max_tokens is too large: 99999. This model supports at most 16384 completion tokens", {}],
    ["Invalid value", { param: "max_tokens" }],
    ["max_completion_tokens must be between 1 and 8192", {}],
    ["This model's maximum context length is 4096 tokens; you requested 100030", {}],
    ["Range of max_tokens should be [1, 8192]", { code: "invalid_parameter_error" }],
    ["The input exceeds the context window", {}],
  ])("%s: the error names --max-tokens and its value", async (words, more) => {
    await using server = await localServer((_, response) => apiError(response, 400, words, more));
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { error } = await collect(llm, request("x", [0], { maxTokens: 99_999 }));
    await llm.close();
    expect(error).toMatchObject({ code: "api", status: 400 });
    expect(String(error)).toMatch(/--max-tokens.*99999/);
  });

  test("where none was given, the error says to set one", async () => {
    await using server = await localServer((_, response) =>
      apiError(response, 400, "max_tokens: Field required"),
    );
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    const { error } = await collect(llm, request("x"));
    await llm.close();
    expect(String(error)).toContain("set --max-tokens");
  });
});
