import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SampleStore } from "../../../src/llm/store/store.ts";
import { openScorer } from "../../../src/prm/open-scorer.ts";
import type { ChatScorerOptions } from "../../../src/prm/chat/chat-scorer.ts";
import {
  apiError,
  completion,
  json,
  type LocalServer,
  localServer,
  type Seen,
} from "../../llm/local-server.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-chat-prm-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const KEY = "a-key-that-nobody-may-see";
const MANIFEST = {
  format: "funprm-prm/1",
  kind: "chat",
  name: "asked",
  version: "1",
  license: "none",
  label: "P(right), as an LLM says",
  stepSize: "function",
  aggregate: "mean",
};

function manifest(url: string, more: object = {}): string {
  const dir = mkdtempSync(join(folder, "prm-"));
  writeFileSync(
    join(dir, "prm.json"),
    JSON.stringify({ ...MANIFEST, endpoint: { url, model: "judge" }, ...more }),
  );
  return dir;
}

const STEPS = ["def f(x):\n    return x\n", "\n\nprint(f(int(input())))\n"];
const REQUEST = { statement: "Print the number.", steps: STEPS };

/** An answer of one word with the chances of the two, in the form of OpenAI's API. */
function answer(yes: number, spelling = ["Yes", "No"]): object {
  const chances = [
    [spelling[0], yes],
    [spelling[1], 1 - yes],
  ].toSorted(([, a], [, b]) => Number(b) - Number(a));
  const top = chances.map(([token, chance]) => ({ token, logprob: Math.log(Number(chance)), bytes: null }));
  return completion([String(top[0]?.token)], {
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: String(top[0]?.token) },
        finish_reason: "stop",
        logprobs: { content: [{ ...top[0], top_logprobs: top }] },
      },
    ],
  });
}

/** How much of the program a prompt shows: .9 for its first step, .2 for all of it. */
const chanceFor = ({ body }: Seen): number =>
  JSON.stringify(body["messages"]).includes("print(f(") ? 0.2 : 0.9;

async function scored(
  reply: (seen: Seen, response: ServerResponse) => void,
  { more = {}, options = {}, times = 1 }: { more?: object; options?: ChatScorerOptions; times?: number } = {},
): Promise<{ rewards: readonly (readonly number[])[]; server: LocalServer }> {
  await using server = await localServer(reply);
  const rewards = [];
  for (let time = 0; time < times; time += 1) {
    const scorer = await openScorer(manifest(server.url, more), { chat: options });
    try {
      const found = await scorer.score([REQUEST, REQUEST, { statement: "", steps: [] }]);
      rewards.push(...found.map((each) => each.rewards));
    } finally {
      await scorer.close();
    }
  }
  return { rewards, server };
}

describe("a PRM that is an LLM", () => {
  it("gives the probability of Yes for every beginning, and asks for each once", async () => {
    const { rewards, server } = await scored((seen, response) =>
      json(response, 200, answer(chanceFor(seen))),
    );
    expect(rewards[0]?.[0]).toBeCloseTo(0.9, 9);
    expect(rewards[0]?.[1]).toBeCloseTo(0.2, 9);
    expect(rewards[1]).toEqual(rewards[0]);
    expect(rewards[2]).toEqual([]);
    expect(server.seen).toHaveLength(2);
    expect(server.seen[0]?.body).toMatchObject({ model: "judge", temperature: 0, logprobs: true });
    // What comes before the program is the same for all its beginnings, so that a server can keep it.
    const [first, second] = server.seen.map(({ body }) => JSON.stringify(body["messages"]));
    expect(second?.startsWith(first?.slice(0, first.indexOf("return x")) ?? "?")).toBe(true);
  });

  it.each([
    [" yes", " no"],
    ["YES", "NO"],
    ["▁Yes", "▁No"],
    ["Yes.", "No."],
  ])("takes the spellings %j and %j", async (...spelling) => {
    const { rewards } = await scored((_, response) => json(response, 200, answer(0.7, spelling)));
    expect(rewards[0]?.[0]).toBeCloseTo(0.7, 9);
  });

  it("an answer that is not among the alternatives is at most as likely as the last of them", async () => {
    const top = [
      { token: "Yes", logprob: Math.log(0.6) },
      { token: "Maybe", logprob: Math.log(0.1) },
    ];
    const choices = [
      {
        index: 0,
        message: { role: "assistant", content: "Yes" },
        finish_reason: "stop",
        logprobs: { content: [{ ...top[0], top_logprobs: top }] },
      },
    ];
    const { rewards } = await scored((_, response) => json(response, 200, completion(["Yes"], { choices })));
    expect(rewards[0]?.[0]).toBeCloseTo(0.6 / 0.7, 9);
  });

  it.each([
    [
      "refuses log-probabilities",
      (response: ServerResponse, seen: Seen) =>
        seen.body["logprobs"] === true
          ? apiError(response, 400, "logprobs is not supported", { param: "logprobs" })
          : undefined,
    ],
    ["leaves them out", () => undefined],
  ] as const)("is asked for votes where the server %s", async (_, before) => {
    let asked = 0;
    const { rewards, server } = await scored(
      (seen, response) => {
        before(response, seen);
        if (response.headersSent) return;
        // Three of four say Yes, one of them with its thoughts.
        const texts = Array.from({ length: Number(seen.body["n"] ?? 1) }, () => {
          asked += 1;
          return asked % 4 === 0 ? "No" : asked % 4 === 1 ? "<think>No, no.</think>\nYes" : "**Yes**";
        });
        json(response, 200, completion(texts));
      },
      { more: { votes: 16 } },
    );
    for (const reward of rewards[0] ?? []) {
      expect(reward).toBeGreaterThan(0.6);
      expect(reward).toBeLessThan(0.9);
    }
    expect(server.seen.at(-1)?.body["temperature"]).toBe(1);
  });

  it("says so where the model answers neither", async () => {
    const only = scored((_, response) => json(response, 200, completion(["Let me think about"])));
    await expect(only).rejects.toMatchObject({
      code: "model",
      message: expect.stringMatching(
        /judge at http.*expected the answer Yes or No, got neither in 8 replies of at most 16 tokens.*maxTokens/,
      ),
    });
  });

  it("leaves a step open that it has no answer to", async () => {
    const { rewards } = await scored((seen, response) =>
      json(response, 200, chanceFor(seen) > 0.5 ? answer(0.9) : completion(["Hm."])),
    );
    expect(rewards[0]?.[0]).toBeCloseTo(0.9, 9);
    expect(rewards[0]?.[1]).toBe(0.5);
  });

  it("scales as the manifest says, and sends what it says", async () => {
    const more = {
      calibration: { slope: 0.5, intercept: -1 },
      maxTokens: 400,
      extraBody: { chat_template_kwargs: { enable_thinking: false } },
    };
    const { rewards, server } = await scored((_, response) => json(response, 200, answer(0.9)), { more });
    expect(rewards[0]?.[0]).toBeCloseTo(1 / (1 + Math.exp(-(0.5 * Math.log(9) - 1))), 9);
    expect(server.seen[0]?.body).toMatchObject({
      max_completion_tokens: 400,
      chat_template_kwargs: { enable_thinking: false },
    });
  });

  it("keeps every reply, so that another run asks for none of them", async () => {
    const store = new SampleStore(join(folder, "store"), () => {});
    const reply = (seen: Seen, response: ServerResponse): void =>
      json(response, 200, answer(chanceFor(seen)));
    const { rewards, server } = await scored(reply, { options: { store }, times: 2 });
    expect(server.seen).toHaveLength(2);
    expect(rewards[3]).toEqual(rewards[0]);
    expect(
      readdirSync(join(folder, "store"), { recursive: true }).filter((name) =>
        String(name).endsWith(".json"),
      ),
    ).toHaveLength(2);
  });

  it("sends the key of its server, and says it nowhere", async () => {
    process.env["FUNPRM_TEST_PRM_KEY"] = KEY;
    const refused = scored((_, response) => apiError(response, 401, `wrong key ${KEY}`), {
      options: { apiKeyEnv: "FUNPRM_TEST_PRM_KEY" },
    });
    const error: unknown = await refused.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "api" });
    expect(String(error)).not.toContain(KEY);
  });

  it("does not send the key of another API, whatever address a prm.json names", async () => {
    vi.stubEnv("OPENAI_API_KEY", KEY);
    vi.stubEnv("FUNPRM_PRM_API_KEY", "");
    try {
      const { server } = await scored((_, response) => json(response, 200, answer(0.9)));
      expect(server.seen.length).toBeGreaterThan(0);
      for (const { headers } of server.seen) expect(JSON.stringify(headers)).not.toContain(KEY);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("has an identity that another prompt, model or scaling changes", async () => {
    const shas = [];
    for (const more of [{}, { calibration: { slope: 2, intercept: 0 } }, { votes: 4 }]) {
      const scorer = await openScorer(manifest("http://127.0.0.1:9/v1", more));
      shas.push(scorer.identity.sha256);
      await scorer.close();
    }
    expect(new Set(shas).size).toBe(3);
  });

  it.each([
    ["a votes that is none", { votes: 0 }, /field "votes"/],
    ["a field that is not known", { files: {} }, /files/],
    [
      "an address with a key in it",
      { endpoint: { url: "http://me:secret@127.0.0.1/v1", model: "m" } },
      /endpoint.url/,
    ],
  ])("refuses a prm.json with %s", async (_, more, message) => {
    await expect(openScorer(manifest("http://127.0.0.1:9/v1", more))).rejects.toThrow(message);
  });
});
