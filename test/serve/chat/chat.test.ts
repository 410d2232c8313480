import { describe, expect, it } from "vitest";
import { decide, sampleRequest, upstreamModel } from "../../../src/serve/chat/chat.ts";
import { readChatRequest } from "../../../src/serve/chat/chat-request.ts";
import { serveSettings } from "../../../src/serve/settings.ts";
import { readWish } from "../../../src/serve/chat/wish.ts";
import { readOptions } from "../../../src/settings/options.ts";

const { signal } = new AbortController();
const settings = serveSettings(
  readOptions({ args: [], flags: { model: "llm" }, command: "serve", signal }, "/", {}),
  {},
);
const PROGRAM = { role: "user", content: "Write a Python function that adds two numbers." };

function decided(fields: object, wish: object = {}): string {
  const request = readChatRequest({ model: "llm", messages: [PROGRAM], ...fields });
  if (request === undefined) return "is not read";
  const decision = decide(request, { n: 8, mode: "auto", ...wish }, "llm");
  return decision.kind === "choose" ? "choose" : decision.why;
}

describe("a request for a Python program is chosen for", () => {
  it.each([
    ["under the upstream's name", {}],
    ["under funprm's", { model: "funprm/llm" }],
    ["under funprm alone", { model: "funprm" }],
    ["of another model, where funprm is asked", { model: "funprm/other" }],
    [
      "with parameters",
      { temperature: 0.2, max_tokens: 100, stream: true, n: 1, tools: [], logprobs: false },
    ],
    ["with a plain response format", { response_format: { type: "text" } }],
    ["in parts", { messages: [{ role: "user", content: [{ type: "text", text: PROGRAM.content }] }] }],
    [
      "after other turns",
      { messages: [{ role: "user", content: "hi" }, { role: "assistant", content: "hello" }, PROGRAM] },
    ],
  ])("%s", (_, fields) => expect(decided(fields)).toBe("choose"));

  it("or not, as its client says", () => {
    expect(decided({}, { mode: "off" })).toBe("mode off");
    expect(decided({}, { n: 1 })).toBe("n is 1");
    expect(decided({ messages: [{ role: "user", content: "hi" }] }, { mode: "on" })).toBe("choose");
  });
});

describe("passed through", () => {
  const image = { type: "image_url", image_url: { url: "data:image/png;base64," } };
  it.each([
    [{ n: 2 }, "n is not 1"],
    [{ tools: [{ type: "function", function: { name: "f" } }] }, "has tools"],
    [{ functions: [{ name: "f" }] }, "has tools"],
    [{ response_format: { type: "json_object" } }, "has a response format"],
    [{ logprobs: true }, "wants log-probabilities"],
    [
      { messages: [{ role: "user", content: [{ type: "text", text: PROGRAM.content }, image] }] },
      "has more than text",
    ],
    [{ messages: [PROGRAM, { role: "tool", content: "1", tool_call_id: "x" }] }, "has messages of tools"],
    [{ messages: [PROGRAM, { role: "assistant", content: "def" }] }, "does not end with a user's message"],
    [{ model: "other" }, "another model"],
    [{ messages: [{ role: "user", content: "Tell me a joke." }] }, "does not speak of Python"],
    [{ messages: "hi" }, "is not read"],
    [
      { messages: [{ role: "user", content: `${PROGRAM.content} ${"x".repeat(100_000)}` }] },
      "is too long for a problem",
    ],
  ])("%j", (fields, why) => expect(decided(fields)).toBe(why));
});

it("a model's name loses the prefix and nothing else", () => {
  expect(upstreamModel("funprm/org/name", "llm")).toBe("org/name");
  expect(upstreamModel("org/name", "llm")).toBe("org/name");
  expect(upstreamModel("funprm", "llm")).toBe("llm");
});

describe("the samples' request", () => {
  const asked = (fields: object) => {
    const request = readChatRequest({ model: "funprm/llm", messages: [PROGRAM], ...fields });
    if (request === undefined) throw new Error("not read");
    return sampleRequest(request, 3, settings);
  };

  it("is the client's own", () => {
    const messages = [{ role: "system", content: "Be brief.", name: "a" }, PROGRAM];
    const { params, ...rest } = asked({
      messages,
      temperature: 0.3,
      top_p: 0.9,
      seed: 7,
      stop: "END",
      max_tokens: 99,
      user: "u",
      stream: true,
      stream_options: { include_usage: true },
      funprm: { n: 3 },
    });
    expect(rest).toEqual({ model: "llm", messages, indices: [0, 1, 2] });
    expect(params).toEqual({
      temperature: 0.3,
      topP: 0.9,
      seed: 7,
      stop: ["END"],
      extraBody: { max_tokens: 99, user: "u" },
    });
  });

  it.each([{}, { temperature: 0 }, { temperature: null }])("differs from sample to sample: %j", (fields) => {
    expect(asked(fields).params.temperature).toBe(0.8);
  });
});

describe("the budget", () => {
  const bounds = { defaultN: 8, mostN: 32 };
  const wish = (headers: Record<string, string>, body: object = {}) =>
    readWish((name) => headers[name], { ...body }, bounds);

  it("comes from the header, else from the body, else from the flag", () => {
    expect(wish({ "x-funprm-n": "4" }, { funprm: { n: 5 } })).toEqual({ n: 4, mode: "auto" });
    expect(wish({}, { funprm: { n: 5, mode: "on" } })).toEqual({ n: 5, mode: "on" });
    expect(wish({ "x-funprm-mode": "off" }, { funprm: { mode: "on" } })).toEqual({ n: 8, mode: "off" });
  });

  it.each(["0", "33", "-1", "2.5", "many", ""])("has bounds: %j in the header", (n) => {
    expect(() => wish({ "x-funprm-n": n })).toThrow(/X-Funprm-N to be a whole number from 1 to 32/);
  });

  it.each([{ n: 0 }, { n: 1e9 }, { n: 1.5 }, { mode: "perhaps" }, { m: 4 }, 5, "4"])(
    "refuses %j in the body",
    (funprm) => expect(() => wish({}, { funprm })).toThrow(/expected funprm/),
  );
});
