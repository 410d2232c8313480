import { OpenAI } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import type { Llm } from "../../src/llm/llm.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { parseFault } from "../../src/replay/fault.ts";
import { startReplayServer } from "../../src/replay/server.ts";
import type { ReplayExchange, ReplayOptions, ReplayServer } from "../../src/replay/server.ts";
import { collect, range, request } from "../llm/collect.ts";

const problems = [
  { id: "sum", statement: "Read two numbers and print their sum, whatever their size.", starterCode: "" },
  {
    id: "twin-a",
    statement: "The very same statement stands in two different problems.",
    starterCode: "def first(x):",
  },
  {
    id: "twin-b",
    statement: "The very same statement stands in two different problems.",
    starterCode: "def second(x):",
  },
  {
    id: "longer",
    statement: "Read two numbers and print their sum, whatever their size. Then print it again.",
    starterCode: "",
  },
  { id: "short", statement: "Print 7.", starterCode: "" },
  { id: "empty", statement: "A problem without any recorded candidates.", starterCode: "" },
];
const candidates = [
  ...range(6).map((k) => ({ problemId: "sum", code: `print(${k})\n` })),
  { problemId: "longer", code: "ignored", reply: "Here:\n~~~py\nprint(1)\n~~~\nDone." },
  { problemId: "twin-a", code: "a" },
  { problemId: "twin-b", code: "b" },
  { problemId: "short", code: "```\nprint(7)\n```" },
];
const prompt = `Solve it.\n\n  Read two numbers\r\n  and print their sum,\twhatever their size.\n\nWrite Python.`;

let server: ReplayServer | undefined;
let llm: Llm | undefined;
let exchanges: ReplayExchange[];
afterEach(async () => {
  await llm?.close();
  await server?.close();
});

async function start(
  more: Partial<ReplayOptions> = {},
  client: Parameters<typeof openAiLlm>[0] = {},
): Promise<OpenAI> {
  exchanges = [];
  server = await startReplayServer({
    problems,
    candidates,
    onExchange: (one) => exchanges.push(one),
    ...more,
  });
  llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1, maxRetries: 4, ...client });
  return new OpenAI({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
}

async function ask(openai: OpenAI, content: string, n?: number): Promise<OpenAI.ChatCompletion> {
  return openai.chat.completions.create({
    model: "m",
    messages: [{ role: "user", content }],
    ...(n === undefined ? {} : { n }),
  });
}

const fenced = (k: number): string => `\`\`\`python\nprint(${k})\n\n\`\`\`\n`;

describe("any client", () => {
  test("gets the candidates of the prompt's problem in order, n at a time, with usage", async () => {
    const openai = await start();
    const first = await ask(openai, prompt);
    expect(first.choices[0]?.message.content).toBe(fenced(0));
    const more = await ask(openai, prompt, 3);
    expect(more.choices.map(({ index, message }) => [index, message.content])).toEqual(
      [1, 2, 3].map((k, i) => [i, fenced(k)]),
    );
    expect(more.usage?.completion_tokens).toBe(3 * (first.usage?.completion_tokens ?? 0));
    expect(more.usage?.prompt_tokens).toBe(first.usage?.prompt_tokens);
    expect((more.usage?.prompt_tokens ?? 0) > 10).toBe(true);
  });

  test("is told when the candidates are used up, and gets none of too many", async () => {
    const openai = await start();
    await expect(ask(openai, prompt, 7)).rejects.toMatchObject({ status: 400, code: "pool_exhausted" });
    expect((await ask(openai, prompt, 6)).choices).toHaveLength(6);
    await expect(ask(openai, prompt)).rejects.toThrow(/6 recorded candidates.*--cycle/);
    await expect(ask(openai, "A problem without any recorded candidates.")).rejects.toThrow("0 recorded");
  });

  test("begins anew with cycle", async () => {
    const openai = await start({ cycle: true });
    const texts = (await ask(openai, prompt, 14)).choices.map(({ message }) => message.content);
    expect(texts).toEqual(range(14).map((k) => fenced(k % 6)));
  });

  test("is understood by the longest statement, the starter code, a short statement", async () => {
    const openai = await start();
    const text = async (content: string): Promise<unknown> =>
      (await ask(openai, content)).choices[0]?.message.content;
    expect(await text(`${prompt} Then print it again.`)).toBe(fenced(0));
    expect(await text(problems[3]?.statement ?? "")).toBe("Here:\n~~~py\nprint(1)\n~~~\nDone.");
    const twin = problems[1]?.statement ?? "";
    expect(await text(`${twin}\ndef second(x):`)).toContain("b");
    expect(await text(twin)).toContain("a");
    expect(await text("Please: Print 7. Thanks")).toBe("```\nprint(7)\n```");
    await expect(text("Something else altogether, of some length, for nobody.")).rejects.toMatchObject({
      status: 404,
    });
  });

  test("gets streams", async () => {
    const openai = await start();
    const stream = await openai.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
      stream: true,
      stream_options: { include_usage: true },
      n: 2,
    });
    const texts = ["", ""];
    let usage: unknown;
    for await (const chunk of stream) {
      for (const { index, delta } of chunk.choices) texts[index] = `${texts[index]}${delta.content ?? ""}`;
      usage = chunk.usage ?? usage;
    }
    expect(texts).toEqual([fenced(0), fenced(1)]);
    expect(JSON.stringify(usage)).toMatch(/"completion_tokens":\d+/);
  });

  test("finds the model list, and an explanation elsewhere", async () => {
    const openai = await start();
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["replay"]);
    await expect(openai.embeddings.create({ model: "m", input: "x" })).rejects.toMatchObject({ status: 404 });
    const malformed = await fetch(`${server?.url}/chat/completions`, { method: "POST", body: "{" });
    expect([malformed.status, await malformed.text()]).toEqual([400, expect.stringContaining("no JSON")]);
    const wrong = await fetch(`${server?.url}/chat/completions`, { method: "POST", body: '{"model": "m"}' });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("messages")]);
  });
});

describe("funprm's own client", () => {
  const wanted = request(prompt, range(6));
  const texts = range(6).map(fenced);

  test("sample k is candidate k, in any order, again after a restart", async () => {
    await start({}, { choicesPerRequest: 2 });
    if (llm === undefined) throw new Error("no client");
    expect((await collect(llm, request(prompt, [5, 1, 3]))).samples.map(({ text }) => text)).toEqual(
      [1, 3, 5].map(fenced),
    );
    expect((await collect(llm, wanted)).samples.map(({ text }) => text)).toEqual(texts);
  });

  test.each([
    "429@every=2",
    "429:1@2",
    "429:date:1@1",
    "500@every=3",
    "503@every=3",
    "408@every=3",
    "409@every=3",
    "cut@every=2",
    "stall@every=3",
    "stall-body@every=3",
    "malformed@every=2",
    "html@every=3",
    "500@p=0.4",
    "ignore-n",
    "over-deliver@every=2",
    "no-usage",
    "slow:30@every=2",
    "capacity:1",
    "reject:max_completion_tokens",
    "reject:n",
    "reject:temperature",
  ])("gets every candidate in spite of %s", async (spec) => {
    // Where nothing stalls, no machine is to be so slow that a request is given up and paid twice.
    const timeoutMs = spec.startsWith("stall") ? 4000 : 60_000;
    await start({ faults: [parseFault(spec, 3)] }, { choicesPerRequest: 2, concurrency: 3, timeoutMs });
    if (llm === undefined) throw new Error("no client");
    const { samples, error } = await collect(llm, { ...wanted, params: { maxTokens: 500, temperature: 1 } });
    expect(error).toBeUndefined();
    expect(samples.map(({ text }) => text)).toEqual(texts);
    const delivered = exchanges.filter((one) => one.delivered).flatMap(({ positions }) => positions);
    expect(new Set(delivered)).toEqual(new Set(range(6)));
    // Nothing is paid twice: only choices beyond the asked ones are delivered a second time.
    expect(delivered.length === 6 || spec.startsWith("over")).toBe(true);
  });

  test.each([
    ["length", "length", /token limit/],
    ["empty", "stop", /empty/],
    ["refusal", "stop", /refused/],
    ["content-filter", "content_filter", /filter/],
  ])("gets %s as data with a warning", async (spec, finishReason, warning) => {
    await start({ faults: [parseFault(spec)] });
    if (llm === undefined) throw new Error("no client");
    const { samples, error } = await collect(llm, wanted);
    expect(error).toBeUndefined();
    expect(samples).toHaveLength(6);
    for (const sample of samples) {
      expect(sample.finishReason).toBe(finishReason);
      expect(sample.warnings.join()).toMatch(warning);
    }
  });

  test("an unknown problem concerns its prompt only", async () => {
    await start();
    if (llm === undefined) throw new Error("no client");
    const { error } = await collect(llm, request("Nobody has ever asked for such a thing before."));
    expect(error).toMatchObject({ code: "api", scope: "prompt", status: 404 });
    expect(String(error)).toContain("replay server");
  });

  test("a port that is taken is said so", async () => {
    await start();
    await expect(startReplayServer({ problems, candidates, port: server?.port })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

const hit = (spec: string, seed = 0): number[] =>
  range(12)
    .map((k) => k + 1)
    .filter(parseFault(spec, seed).hits);

describe("fault specifications", () => {
  test("say when", () => {
    expect(hit("500")).toHaveLength(12);
    expect(hit("cut@every=5")).toEqual([5, 10]);
    expect(hit("stall@first=3")).toEqual([1, 2, 3]);
    expect(hit("empty@7")).toEqual([7]);
    expect(hit("429@p=0.5")).toEqual(hit("429@p=0.5"));
    expect(hit("429@p=0.5")).not.toEqual(hit("429@p=0.5", 1));
    expect(hit("429@p=1")).toHaveLength(12);
    expect(parseFault("429:date:2")).toMatchObject({ kind: "status", status: 429, argument: "date:2" });
  });

  test.each([
    "",
    "200",
    "nonsense",
    "500@",
    "500@every=0",
    "500@p=2",
    "cut@every",
    "slow",
    "slow:x",
    "reject",
    "1@2@3",
  ])("refuses %j", (spec) => {
    expect(() => parseFault(spec)).toThrow(/expected KIND/);
  });
});
