import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completion } from "../llm/local-server.ts";
import {
  CHAT,
  chat,
  CLIENT_KEY,
  eventsOf,
  post,
  PROGRAM,
  type RawUpstream,
  rawUpstream,
  type Received,
  type Serving,
  serving,
  UPSTREAM_KEY,
} from "./serving.ts";

/** What the upstream does, by a word in the last message; all faults of one server, so that each is survived by the next. */
const FAULTS: Readonly<Record<string, (received: Received, response: ServerResponse) => void>> = {
  throttled: (_, response) => {
    response.writeHead(429, { "retry-after": "0", "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { message: "slow down", type: "requests", code: null, param: null } }),
    );
  },
  failing: (_, response) => void response.writeHead(500).end("it broke"),
  stalling: () => {},
  cut: (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
    response.write('{"choices": [', () => response.destroy());
  },
  malformed: (_, response) =>
    void response.writeHead(200, { "content-type": "application/json" }).end('{"cho'),
  single: ({ body }, response) => {
    const first = JSON.parse(body.toString()).n !== undefined;
    response.end(JSON.stringify(completion([first ? "of several" : "alone"])));
  },
  echoing: ({ headers }, response) => {
    const told = `no such key: ${headers.authorization}, ${encodeURIComponent(headers.authorization ?? "")}`;
    response.writeHead(401, { "content-type": "application/json", "x-echo": told });
    response.end(JSON.stringify({ error: { message: told, code: "invalid_api_key" } }));
  },
};

let upstream: RawUpstream;
let server: Serving;
beforeAll(async () => {
  upstream = await rawUpstream((received, response) => {
    const fault = Object.keys(FAULTS).find((name) => received.body.includes(name));
    const answer = fault === undefined ? undefined : FAULTS[fault];
    if (answer !== undefined) answer(received, response);
    else response.end(JSON.stringify(completion(["```python\nx = 1\n```"])));
  });
  server = await serving(upstream.url, { samples: "3", clientKeyEnv: "CLIENT_KEY" });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const headers = { authorization: `Bearer ${CLIENT_KEY}` };
const asked = (fault: string, more: object = {}) =>
  post(server, chat(`${fault}. ${PROGRAM}`, more), { headers });
const passed = (fault: string) => post(server, chat(`${fault}. ${CHAT}`), { headers });

/** Ends every test: nothing of it is left, and whoever asks next is answered. */
async function stillServes(): Promise<void> {
  const answer = await asked("all is well");
  expect(answer.status).toBe(200);
  await answer.text();
  expect([server.gates.chosen.inside, server.gates.passed.inside]).toEqual([0, 0]);
  expect(server.said.join("\n")).not.toContain("0123456789+secret");
  expect(server.said.join("\n")).not.toMatch(/defect/);
}

/** Status, code and whole text of an answer that is an error in OpenAI's form. */
async function refusal(answer: Response): Promise<{ status: number; code: unknown; text: string }> {
  const text = await answer.text();
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  const { error } = JSON.parse(text);
  expect(error.message).toEqual(expect.any(String));
  return { status: answer.status, code: error.code, text };
}

describe("the upstream", () => {
  it("throttles: 429 with the time to wait", async () => {
    const answer = await asked("throttled");
    expect(answer.headers.get("retry-after")).toBe("0");
    expect(await refusal(answer)).toMatchObject({ status: 429, code: "upstream_throttles" });
    const through = await passed("throttled");
    expect(through.headers.get("retry-after")).toBe("0");
    expect(await refusal(through)).toMatchObject({ status: 429, code: null });
    await stillServes();
  });

  it("fails: 502, or as it is", async () => {
    expect(await refusal(await asked("failing"))).toMatchObject({ status: 502, code: "upstream_failed" });
    expect(await refusal(await asked("failing", { stream: true }))).toMatchObject({
      status: 502,
      code: "upstream_failed",
    });
    const through = await passed("failing");
    expect([through.status, await through.text()]).toEqual([500, "it broke"]);
    await stillServes();
  });

  it("says nothing: 504 when its time is over", async () => {
    await using hasty = await serving(upstream.url, { timeout: "0.2" });
    expect(await refusal(await post(hasty, chat(`stalling. ${PROGRAM}`)))).toMatchObject({
      status: 504,
      code: "upstream_timeout",
    });
    expect(await refusal(await post(hasty, chat(`stalling. ${CHAT}`)))).toMatchObject({
      status: 504,
      code: "upstream_timeout",
    });
    expect(await (await post(hasty, chat(CHAT))).json()).toMatchObject({ id: "chatcmpl-1" });
  });

  it("breaks off: 502, and what is passed through breaks off too", async () => {
    expect(await refusal(await asked("cut"))).toMatchObject({ status: 502, code: "upstream_failed" });
    const through = await passed("cut");
    expect(through.status).toBe(200);
    await expect(through.text()).rejects.toThrow("terminated");
    await stillServes();
  });

  it("answers what is no JSON: 502, or as it is", async () => {
    expect(await refusal(await asked("malformed"))).toMatchObject({ status: 502, code: "upstream_failed" });
    expect(await (await passed("malformed")).text()).toBe('{"cho');
    await stillServes();
  });

  it("ignores n: it is asked until there are N", async () => {
    const answer = await (await asked("single")).json();
    expect(answer).toMatchObject({
      funprm: { of: 3, asked: 3, selected: 0 },
      // 10 and 7 a sample: the true total.
      usage: { prompt_tokens: 30, completion_tokens: 21, total_tokens: 51 },
    });
    await stillServes();
  });

  it("is not there: 502", async () => {
    await using closed = await serving("http://127.0.0.1:9/v1", { timeout: "5" });
    expect(await refusal(await post(closed, chat(PROGRAM)))).toMatchObject({
      status: 502,
      code: "upstream_failed",
    });
    expect(await refusal(await post(closed, chat(CHAT)))).toMatchObject({
      status: 502,
      code: "upstream_failed",
    });
  });

  it("quotes its key: nobody reads it", async () => {
    for (const answer of [await asked("echoing"), await passed("echoing")]) {
      const text = `${await answer.text()} ${JSON.stringify([...answer.headers])}`;
      expect(text).toContain("[redacted]");
      for (const form of [UPSTREAM_KEY, encodeURIComponent(UPSTREAM_KEY), "0123456789"])
        expect(text).not.toContain(form);
    }
    await stillServes();
  });
});

describe("the client", () => {
  it("goes: the upstream's connection is closed, whatever it was for", async () => {
    for (const content of [PROGRAM, CHAT]) {
      await using slow = await rawUpstream(() => {});
      await using own = await serving(slow.url);
      const client = new AbortController();
      const answer = post(own, chat(content, { stream: true }), { signal: client.signal });
      while (slow.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
      client.abort();
      await expect(answer).rejects.toThrow("abort");
      await slow.broken;
      while (own.gates.chosen.inside + own.gates.passed.inside > 0)
        await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it("reads nothing of a long answer: it is left after the time limit, and memory stays", async () => {
    const chunk = Buffer.alloc(2 ** 20, "x");
    let sent = 0;
    await using endless = await rawUpstream(async (_, response) => {
      while (!response.destroyed) {
        if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]);
        sent += 1;
      }
    });
    await using own = await serving(endless.url, { timeout: "1" });
    const { port, hostname } = new URL(own.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify(chat(CHAT));
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    await endless.broken;
    // What the sockets of both connections hold, and no more.
    expect(sent).toBeLessThan(64);
    socket.destroy();
  });

  it.each(["{", "[1]", '"text"', "", "{} {}"])("sends no JSON object: 400 (%j)", async (body) => {
    expect(await refusal(await post(server, body, { headers }))).toMatchObject({
      status: 400,
      code: "invalid_json",
    });
    await stillServes();
  });

  it("sends 8 MB: as they are, or 413 where that is too much", async () => {
    const long = chat(`${"x".repeat(8_000_000)} ${CHAT}`);
    const answer = await post(server, long, { headers });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(upstream.received.at(-1)?.body.toString()).toBe(JSON.stringify(long));
    await using small = await serving(upstream.url, { maxBody: "4" });
    expect(await refusal(await post(small, long))).toMatchObject({ status: 413, code: "too_large" });
    expect((await post(small, chat(CHAT))).status).toBe(200);
    await stillServes();
  });

  it("has the wrong key, or none: 401, and the upstream hears nothing", async () => {
    const before = upstream.received.length;
    for (const authorization of [
      "",
      "Bearer ",
      "Bearer wrong",
      `Basic ${CLIENT_KEY}`,
      `Bearer ${CLIENT_KEY}x`,
    ]) {
      const answer = await post(server, chat(CHAT), { headers: { authorization } });
      const told = await refusal(answer);
      expect(told).toMatchObject({ status: 401, code: "invalid_api_key" });
      expect(told.text).not.toContain(CLIENT_KEY);
    }
    expect(upstream.received.length).toBe(before);
    await stillServes();
  });

  it("asks for what is not served: 404", async () => {
    const images = await post(server, {}, { headers, path: "/images/generations" });
    expect(await refusal(images)).toMatchObject({ status: 404, code: "not_found" });
    expect(await refusal(await fetch(`${server.root}/`, { headers }))).toMatchObject({
      status: 404,
      code: "not_found",
    });
    await stillServes();
  });

  it("wants an N out of bounds: 400 that names them", async () => {
    for (const more of [{ funprm: { n: 0 } }, { funprm: { n: 33 } }]) {
      const told = await refusal(await asked("", more));
      expect(told).toMatchObject({ status: 400, code: "n_out_of_bounds" });
      expect(told.text).toContain("from 1 to 32");
    }
    const answer = await post(server, chat(CHAT), { headers: { ...headers, "x-funprm-n": "1e9" } });
    expect(await refusal(answer)).toMatchObject({ status: 400, code: "n_out_of_bounds" });
    await stillServes();
  });

  it("insists on Best-of-N where there is none: 400 that says why", async () => {
    const tools = [{ type: "function", function: { name: "f" } }];
    const answer = await asked("", { tools, funprm: { mode: "on" } });
    const told = await refusal(answer);
    expect(told).toMatchObject({ status: 400, code: "not_one_reply" });
    expect(told.text).toContain("it has tools");
    await stillServes();
  });
});

it("too many requests: 429 with the time to wait, and those inside are answered", async () => {
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  await using slow = await rawUpstream(async (_, response) => {
    await released;
    response.end(JSON.stringify(completion(["x = 1"])));
  });
  await using own = await serving(slow.url, { atOnce: "1", queue: "1", samples: "1" });
  const inside = [1, 2].map(() => post(own, chat(PROGRAM, { funprm: { mode: "on" } })));
  while (own.gates.chosen.waiting < 1) await new Promise((resolve) => setImmediate(resolve));
  const answer = await post(own, chat(PROGRAM, { funprm: { mode: "on" } }));
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refusal(answer)).toMatchObject({ status: 429, code: "too_many_requests" });
  letGo();
  for (const each of await Promise.all(inside)) expect(each.status).toBe(200);
});

describe("a server that stops", () => {
  it("answers what is under way and takes nothing new", async () => {
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    await using slow = await rawUpstream(async (_, response) => {
      await released;
      response.end(JSON.stringify(completion(["x = 1"])));
    });
    await using own = await serving(slow.url, { samples: "2" });
    const answer = post(own, chat(PROGRAM));
    while (slow.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopped = own.stop(600_000);
    await expect(post(own, chat(CHAT))).rejects.toThrow("fetch failed");
    letGo();
    expect((await answer).status).toBe(200);
    await stopped;
  });

  it("cuts what is not done in time, and says so", async () => {
    await using slow = await rawUpstream(() => {});
    await using own = await serving(slow.url);
    const answer = post(own, chat(PROGRAM));
    while (slow.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await own.stop(0);
    expect(await refusal(await answer)).toMatchObject({ status: 503, code: "stopping" });
    await slow.broken;
  });
});

it("an error after the stream has begun is in the stream", async () => {
  let requests = 0;
  await using half = await rawUpstream((_, response) => {
    requests += 1;
    // One sample comes; the server is cut before the others do.
    if (requests === 1) response.end(JSON.stringify(completion(["x = 1"])));
  });
  await using own = await serving(half.url, { samples: "3" });
  const answer = await post(own, chat(PROGRAM, { stream: true }));
  expect(answer.status).toBe(200);
  const text = answer.text();
  await own.stop(0);
  const [event] = eventsOf(await text);
  expect(JSON.parse(event ?? "")).toMatchObject({ error: { code: "stopping" } });
});

it("samples that do not come in time are done without", async () => {
  let requests = 0;
  await using half = await rawUpstream((_, response) => {
    requests += 1;
    if (requests === 1) response.end(JSON.stringify(completion(["x = 1"])));
  });
  await using own = await serving(half.url, { samples: "3", timeout: "1" });
  expect(await (await post(own, chat(PROGRAM))).json()).toMatchObject({
    funprm: { of: 1, asked: 3, warnings: ["2 of 3 samples did not come within 1 s"] },
  });
});
