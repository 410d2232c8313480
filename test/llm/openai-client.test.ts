import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FunprmError } from "../../src/core/errors.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import type { OpenAiOptions } from "../../src/llm/openai-client.ts";
import { collect, range, request } from "./collect.ts";
import { apiError, completion, json, localServer } from "./local-server.ts";

afterEach(() => void vi.unstubAllEnvs());

type Answer = Parameters<typeof localServer>[0];

/** Samples from a server that answers as given; retries wait a millisecond. */
async function sampleFrom(
  answer: Answer,
  wanted = request("hello"),
  options: OpenAiOptions = {},
): Promise<Awaited<ReturnType<typeof collect>> & { bodies: Readonly<Record<string, unknown>>[] }> {
  await using server = await localServer(answer);
  const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 3, ...options });
  try {
    const collected = await collect(llm, wanted);
    return { ...collected, bodies: server.seen.map(({ body }) => body) };
  } finally {
    await llm.close();
  }
}

/** Delivers as many choices as asked for. */
const honest: Answer = ({ body }, response) => {
  json(response, 200, completion(range(Number(body["n"] ?? 1)).map((k) => `choice ${k}`)));
};

describe("n", () => {
  test("is used where the server honours it", async () => {
    const { samples, bodies, batches } = await sampleFrom(honest, request("x", range(6)), {
      choicesPerRequest: 4,
    });
    expect(samples.map(({ index }) => index)).toEqual(range(6));
    expect(bodies.map(({ n }) => n).toSorted()).toEqual([2, 4]);
    expect([...batches].sort((a, b) => a - b)).toEqual([2, 4]);
  });

  test("is not trusted: one choice instead of many, and from then on single requests", async () => {
    await using server = await localServer((_, response) => json(response, 200, completion(["only one"])));
    const llm = await openAiLlm({ baseUrl: server.url });
    const first = await collect(llm, request("x", range(5)));
    const second = await collect(llm, request("y", range(3)));
    await llm.close();
    expect(first.samples.map(({ index }) => index)).toEqual(range(5));
    expect(second.samples.map(({ index }) => index)).toEqual(range(3));
    expect(server.seen.map(({ body }) => body["n"])).toEqual([
      5,
      ...Array.from({ length: 7 }, () => undefined),
    ]);
  });

  test("falls to what the server delivers at most", async () => {
    const { samples, bodies } = await sampleFrom(
      ({ body }, response) => {
        json(response, 200, completion(range(Math.min(2, Number(body["n"] ?? 1))).map(String)));
      },
      request("x", range(5)),
    );
    expect(samples.map(({ index }) => index)).toEqual(range(5));
    expect(bodies.map(({ n }) => n)).toEqual([5, 2, undefined]);
  });

  test("more choices than asked for: the first ones count, the whole usage is kept", async () => {
    const { samples } = await sampleFrom(
      (_, response) => json(response, 200, completion(["a", "b", "c", "d"])),
      request("x", [8, 9]),
    );
    expect(samples.map(({ index, text }) => [index, text])).toEqual([
      [8, "a"],
      [9, "b"],
    ]);
    expect(samples.reduce((sum, { usage }) => sum + usage.completionTokens, 0)).toBe(28);
    expect(samples.map(({ usageSharedBy }) => usageSharedBy)).toEqual([2, 2]);
  });

  test("refused with a 400: single requests", async () => {
    const { samples, bodies } = await sampleFrom(
      ({ body }, response) => {
        if (body["n"] === undefined) json(response, 200, completion(["one"]));
        else apiError(response, 400, "Only one completion choice is allowed");
      },
      request("x", range(3)),
    );
    expect(samples).toHaveLength(3);
    expect(bodies.map(({ n }) => n)).toEqual([3, undefined, undefined, undefined]);
  });

  test("choices out of order keep their places", async () => {
    const { samples } = await sampleFrom(
      (_, response) => {
        const { choices, ...rest } = completion(["zero", "one"]);
        json(response, 200, { ...rest, choices: choices.toReversed() });
      },
      request("x", [0, 1]),
    );
    expect(samples.map(({ text }) => text)).toEqual(["zero", "one"]);
  });
});

describe("what a model refuses", () => {
  const full = request("x", [4], {
    temperature: 0.7,
    topP: 0.9,
    maxTokens: 50,
    seed: 10,
    stop: ["END"],
    reasoningEffort: "high",
    logprobs: true,
    extraBody: { top_k: 5 },
  });

  test("everything is sent to a model that takes it, the seed moved by the sample's index", async () => {
    const { bodies } = await sampleFrom((_, response) => json(response, 200, completion(["x"])), full);
    expect(bodies[0]).toEqual({
      model: "test-model",
      messages: [{ role: "user", content: "x" }],
      temperature: 0.7,
      top_p: 0.9,
      max_completion_tokens: 50,
      seed: 14,
      stop: ["END"],
      reasoning_effort: "high",
      logprobs: true,
      top_logprobs: 20,
      top_k: 5,
    });
  });

  test("is learnt from the refusals, one by one, once for the run, and told", async () => {
    const refuses = ["temperature", "top_p", "stop", "logprobs"];
    await using server = await localServer(({ body }, response) => {
      const first = refuses.find((name) => body[name] !== undefined);
      if (first === undefined) json(response, 200, completion(["x"]));
      else {
        apiError(response, 400, `Unsupported parameter: '${first}' is not supported with this model.`, {
          param: first,
          code: "unsupported_parameter",
        });
      }
    });
    const llm = await openAiLlm({ baseUrl: server.url, maxRetries: 0 });
    const { samples, error } = await collect(llm, full);
    const again = await collect(llm, full);
    await llm.close();
    expect(error).toBeUndefined();
    expect(samples[0]?.warnings.join()).toMatch(/temperature.*top_p|top_p.*temperature/);
    expect(again.samples).toHaveLength(1);
    // The alternatives go before the log-probabilities do.
    expect(server.seen).toHaveLength(refuses.length + 3);
    expect(server.seen.at(-1)?.body).toMatchObject({
      seed: 14,
      reasoning_effort: "high",
      max_completion_tokens: 50,
    });
  });

  test.each([
    [
      "OpenAI",
      { error: { message: "Invalid 'top_logprobs': integer above maximum value.", param: "top_logprobs" } },
    ],
    [
      "vLLM",
      { object: "error", message: "Requested sample logprobs of 20, which is greater than max allowed: 5" },
    ],
    [
      "FastAPI",
      {
        detail: [
          { type: "extra_forbidden", loc: ["body", "top_logprobs"], msg: "Extra inputs are not permitted" },
        ],
      },
    ],
  ])("alternatives are done without, log-probabilities kept, in the words of %s", async (_, refusal) => {
    const { samples, bodies } = await sampleFrom(
      ({ body }, response) => {
        if (body["top_logprobs"] === undefined) json(response, 200, completion(["x"]));
        else json(response, 400, refusal);
      },
      request("x", [0], { logprobs: true }),
    );
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toMatchObject({ logprobs: true });
    expect(samples[0]?.warnings.join()).toMatch(/does not take top_logprobs/);
  });

  test.each([
    ["OpenAI", 400, { error: { message: "Unrecognized request argument supplied: max_completion_tokens" } }],
    [
      "FastAPI",
      422,
      {
        detail: [
          {
            type: "extra_forbidden",
            loc: ["body", "max_completion_tokens"],
            msg: "Extra inputs are not permitted",
          },
        ],
      },
    ],
    [
      "vLLM",
      400,
      { object: "error", message: "max_completion_tokens is not supported; use max_tokens", code: 400 },
    ],
    ["Ollama", 400, { error: "unknown field max_completion_tokens" }],
  ])("max_tokens where max_completion_tokens is rejected, in the words of %s", async (_, status, refusal) => {
    const { samples, bodies } = await sampleFrom(
      ({ body }, response) => {
        if (body["max_tokens"] === 50) json(response, 200, completion(["x"]));
        else json(response, status, refusal);
      },
      request("x", [0], { maxTokens: 50 }),
    );
    expect(samples).toHaveLength(1);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).not.toHaveProperty("max_completion_tokens");
  });

  test("max_tokens where max_completion_tokens is ignored in silence", async () => {
    await using server = await localServer((_, response) =>
      json(response, 200, completion(["x"], { usage: { prompt_tokens: 1, completion_tokens: 400 } })),
    );
    const llm = await openAiLlm({ baseUrl: server.url, concurrency: 1 });
    await collect(llm, request("x", [0], { maxTokens: 50 }));
    await collect(llm, request("y", [0], { maxTokens: 50 }));
    await llm.close();
    expect(server.seen[1]?.body).toMatchObject({ max_tokens: 50 });
  });

  test("a value out of range is the user's to mend: no parameter is dropped", async () => {
    const { error, bodies } = await sampleFrom(
      (_, response) =>
        apiError(
          response,
          400,
          "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 7",
          {
            param: "temperature",
            code: "decimal_above_max_value",
          },
        ),
      request("x", [0], { temperature: 7 }),
    );
    expect(bodies).toHaveLength(1);
    expect(error).toMatchObject({ code: "api", scope: "prompt" });
    expect(String(error)).toContain("decimal above maximum");
  });

  test("many requests under way learn the same thing and all arrive", async () => {
    const { samples, error } = await sampleFrom(
      ({ body }, response) => {
        if (body["temperature"] === undefined) json(response, 200, completion(["x"]));
        else
          apiError(
            response,
            400,
            "temperature does not support 0.5 with this model. Only the default (1) value is supported.",
          );
      },
      request("x", range(40), { temperature: 0.5 }),
      { choicesPerRequest: 1, concurrency: 20, maxRetries: 0 },
    );
    expect(error).toBeUndefined();
    expect(samples).toHaveLength(40);
  });
});

describe("what comes back", () => {
  test("reasoning, refusal, log-probabilities, request id, echoed model, cached and reasoning tokens", async () => {
    const { samples } = await sampleFrom((_, response) =>
      json(
        response,
        200,
        {
          model: "served-model-2026",
          choices: [
            {
              index: 0,
              finish_reason: "content_filter",
              message: { role: "assistant", content: null, refusal: "no", reasoning_content: "hm" },
              logprobs: {
                content: [
                  { token: "a", logprob: -1, top_logprobs: [{ logprob: -1 }, { logprob: -2 }] },
                  { token: "b", logprob: -3, top_logprobs: [{ logprob: -2 }, { logprob: -3 }] },
                ],
              },
            },
          ],
          usage: {
            prompt_tokens: 100,
            completion_tokens: 60,
            prompt_tokens_details: { cached_tokens: 64 },
            completion_tokens_details: { reasoning_tokens: 40 },
          },
        },
        { "x-request-id": "req_1" },
      ),
    );
    expect(samples[0]).toMatchObject({
      text: "",
      reasoning: "hm",
      refusal: "no",
      finishReason: "content_filter",
      model: "served-model-2026",
      requestId: "req_1",
      logprobs: { tokens: 2, meanLogprob: -2, minLogprob: -3, selfCertainty: 2 - Math.log(2) },
      usage: {
        promptTokens: 100,
        cachedPromptTokens: 64,
        completionTokens: 60,
        reasoningTokens: 40,
        estimated: false,
      },
    });
    expect(samples[0]?.warnings).toHaveLength(2);
  });

  test("content in parts, and JSON under another content type", async () => {
    const { samples } = await sampleFrom((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(
        JSON.stringify({
          choices: [
            {
              message: {
                content: [
                  { type: "text", text: "a" },
                  { type: "text", text: "b" },
                ],
              },
            },
          ],
        }),
      );
    });
    expect(samples[0]).toMatchObject({ text: "ab", finishReason: "stop", model: "test-model" });
    expect(samples[0]?.usage.estimated).toBe(true);
  });
});

describe("failures that pass", () => {
  const cases: [string, Answer][] = [
    ["408", ({ number }, response) => apiError(response, 408, `late ${number}`)],
    ["409", (_, response) => apiError(response, 409, "conflict")],
    ["429", (_, response) => apiError(response, 429, "slow down")],
    ["500", (_, response) => apiError(response, 500, "oops")],
    [
      "503 with a page",
      (_, response) => void response.writeHead(503, { "content-type": "text/html" }).end("<h1>Busy</h1>"),
    ],
    [
      "malformed JSON",
      (_, response) =>
        void response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{"mess'),
    ],
    [
      "an empty body",
      (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(),
    ],
    ["no choices", (_, response) => json(response, 200, completion([]))],
    [
      "an error inside a 200",
      (_, response) => json(response, 200, { error: { message: "upstream", code: 502 } }),
    ],
    ["a cut connection", (_, response) => void response.destroy()],
    [
      "a connection cut in the body",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"choices"', () => response.destroy());
      },
    ],
    ["a stall", () => {}],
    [
      "a stall in the body",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"choices"');
      },
    ],
  ];

  // A busy machine may take longer than this for a good answer too: then there is one retry more, not another end.
  const timeoutOf = (name: string): number => (name.startsWith("a stall") ? 500 : 60_000);

  test.concurrent.each(cases)("%s: sent again, and the sample is there", async (name, fail) => {
    const { samples, error, bodies } = await sampleFrom(
      (seen, response) => {
        if (seen.number <= 2) void fail(seen, response);
        else json(response, 200, completion(["at last"]));
      },
      request("x"),
      { timeoutMs: timeoutOf(name), maxRetries: 20 },
    );
    expect(error).toBeUndefined();
    expect(samples[0]?.text).toBe("at last");
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    for (const body of bodies) expect(body).toEqual(bodies[0]);
  });

  test.concurrent.each(cases)("%s for ever: an api error after the retries", async (name, fail) => {
    const { samples, error, bodies } = await sampleFrom(fail, request("x"), {
      timeoutMs: timeoutOf(name),
      maxRetries: 2,
    });
    expect(samples).toEqual([]);
    expect(error).toMatchObject({ name: "FunprmError", code: "api", scope: "run" });
    expect(String(error)).toContain("after 3 attempts");
    // The third may be given up before a busy server has read it.
    expect(bodies.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ["seconds", () => ({ "retry-after": "1" }), 1000],
    ["milliseconds", () => ({ "retry-after-ms": "300", "retry-after": "30" }), 300],
    [
      "a date",
      () => ({ date: new Date(0).toUTCString(), "retry-after": new Date(1000).toUTCString() }),
      1000,
    ],
  ])("Retry-After as %s is kept by every request", async (_, headers, ms) => {
    const times: number[] = [];
    const { samples } = await sampleFrom(
      ({ number }, response) => {
        times.push(performance.now());
        if (number === 1) apiError(response, 429, "wait", {}, headers());
        else json(response, 200, completion(["x"]));
      },
      request("x", range(3)),
      { choicesPerRequest: 1, concurrency: 1 },
    );
    expect(samples).toHaveLength(3);
    const [refused = 0, next = 0] = times;
    expect(next - refused).toBeGreaterThanOrEqual(ms - 20);
  });
});

describe("failures that stay", () => {
  test.each([
    [401, "check it", "run"],
    [402, "credit", "run"],
    [403, "rights", "run"],
    [404, "--base-url", "run"],
    [400, "--model", "prompt"],
    [413, "--model", "prompt"],
  ])("%i is not sent again, and says what to do", async (status, remedy, scope) => {
    vi.stubEnv("FUNPRM_TEST_KEY", "some-test-key-0123456789");
    const { error, bodies } = await sampleFrom(
      (_, response) => apiError(response, status, "the server's reason"),
      request("x"),
      { apiKeyEnv: "FUNPRM_TEST_KEY" },
    );
    expect(bodies).toHaveLength(1);
    expect(error).toBeInstanceOf(FunprmError);
    expect(error).toMatchObject({ code: "api", status, scope });
    expect(String(error)).toContain("the server's reason");
    expect(String(error)).toContain(remedy);
  });

  test("an empty account answers 429 too, and is no throttling", async () => {
    const { error, bodies } = await sampleFrom((_, response) =>
      apiError(response, 429, "You exceeded your current quota", { code: "insufficient_quota" }),
    );
    expect(bodies).toHaveLength(1);
    expect(error).toMatchObject({ scope: "run" });
    expect(String(error)).toContain("credit");
  });

  test("a server that asks to wait for hours is not waited for", async () => {
    const { error, bodies } = await sampleFrom((_, response) =>
      apiError(response, 429, "daily limit", {}, { "retry-after": "7200" }),
    );
    expect(bodies).toHaveLength(1);
    expect(String(error)).toContain("120 minutes");
  });

  test("no server there: said soon, with the address", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => unused.once("listening", resolve));
    const address = unused.address();
    await new Promise((resolve) => unused.close(resolve));
    if (address === null || typeof address === "string") throw new Error("expected a TCP address");
    const llm = await openAiLlm({ baseUrl: `http://127.0.0.1:${address.port}/v1`, backoffBaseMs: 1 });
    const { error } = await collect(llm, request("x"));
    expect(llm.activity.requests).toBe(4);
    await llm.close();
    expect(error).toMatchObject({ code: "api", scope: "run" });
    expect(String(error)).toContain(`127.0.0.1:${address.port}`);
    expect(String(error)).toContain("ECONNREFUSED");
  });

  test("one failing sample does not take the prompt's others with it", async () => {
    const { samples, error } = await sampleFrom(
      ({ headers }, response) => {
        if (headers["x-funprm-sample-indices"] === "2") apiError(response, 500, "never this one");
        else json(response, 200, completion(["x"]));
      },
      request("x", range(6)),
      { choicesPerRequest: 1, concurrency: 2 },
    );
    expect(samples.map(({ index }) => index)).toEqual([0, 1, 3, 4, 5]);
    expect(error).toMatchObject({ code: "api", scope: "sample" });
  });
});

describe("construction", () => {
  test("no key for OpenAI itself is said before anything is sent", async () => {
    delete process.env["FUNPRM_NO_SUCH_KEY"];
    const error: unknown = await openAiLlm({ apiKeyEnv: "FUNPRM_NO_SUCH_KEY" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "usage" });
    expect(String(error)).toContain("FUNPRM_NO_SUCH_KEY");
  });

  test("other servers need no key, and get no Authorization header then", async () => {
    await using server = await localServer((_, response) => json(response, 200, completion(["x"])));
    const llm = await openAiLlm({ baseUrl: server.url, apiKeyEnv: "FUNPRM_NO_SUCH_KEY" });
    expect((await collect(llm, request("x"))).samples).toHaveLength(1);
    await llm.close();
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test("user, password and query of the base URL are used, and are not part of the endpoint", async () => {
    await using server = await localServer((_, response) => json(response, 200, completion(["x"])));
    const url = new URL(server.url);
    url.username = "ann";
    url.password = "p@ss:word";
    url.searchParams.set("api-version", "2026-01-01");
    const llm = await openAiLlm({ baseUrl: url.href, apiKeyEnv: "FUNPRM_NO_SUCH_KEY" });
    expect((await collect(llm, request("x"))).samples).toHaveLength(1);
    await llm.close();
    expect(llm.endpoint).toBe(server.url);
    const [seen] = server.seen;
    expect(seen?.path).toBe("/v1/chat/completions?api-version=2026-01-01");
    expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from("ann:p@ss:word").toString("base64")}`);
  });

  test.each(["localhost:8000", "ftp://127.0.0.1", "", "http://"])(
    "refuses the base URL %j",
    async (baseUrl) => {
      await expect(openAiLlm({ baseUrl })).rejects.toMatchObject({ code: "usage" });
    },
  );

  test.each([0, 1.5, NaN])("refuses a concurrency of %d", async (concurrency) => {
    await expect(openAiLlm({ baseUrl: "http://127.0.0.1:1/v1", concurrency })).rejects.toMatchObject({
      code: "usage",
    });
  });
});
