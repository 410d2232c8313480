import { expect, it } from "vitest";
import { CHAT, chat, CLIENT_KEY, post, PROGRAM, rawUpstream, serving, UPSTREAM_KEY } from "../serving.ts";

/** No program would write it like that, so that whoever reads and writes it anew is found out. */
const ODD = `{ "model":"other",\t"messages" : [{"role":"user","content":"Tell me a j\\u006fke."}],"seed":12345678901234567890, "temperature":1.0 }`;
const ANSWER = ': a comment\r\n\r\ndata: {"choices" : [ ], "n":1.0}\n\ndata: [DONE]\n\n';

it("bytes go to the upstream and come back as they are, with the upstream's key and the client's headers", async () => {
  await using upstream = await rawUpstream((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "abc" });
    response.end(ANSWER);
  });
  await using server = await serving(upstream.url);
  const answer = await post(server, ODD, {
    headers: { authorization: "Bearer the-client's", "openai-organization": "org", "x-funprm-n": "4" },
  });
  expect(await answer.text()).toBe(ANSWER);
  expect(answer.headers.get("x-request-id")).toBe("abc");
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("x-funprm")).toBe("passed; is no plain chat request");
  const [received] = upstream.received;
  expect(received?.body.toString()).toBe(ODD);
  expect(received?.path).toBe("/v1/chat/completions");
  expect(received?.headers).toMatchObject({
    authorization: `Bearer ${UPSTREAM_KEY}`,
    "openai-organization": "org",
    "content-type": "application/json",
  });
  expect(received?.headers).not.toHaveProperty("x-funprm-n");
});

it.each([
  ["funprm's name of the model", { model: "funprm/llm" }, { model: "llm" }],
  ["the field of funprm", { funprm: { mode: "off" } }, { model: "llm" }],
])("%s is taken out, and nothing else", async (_, fields, expected) => {
  await using upstream = await rawUpstream((_received, response) => void response.end("{}"));
  await using server = await serving(upstream.url);
  await (await post(server, chat(CHAT, { top_p: 0.5, ...fields }))).text();
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? "")).toEqual({
    ...chat(CHAT, { top_p: 0.5 }),
    ...expected,
  });
});

it("a stream comes as the upstream sends it: the second part leaves only when the first has arrived", async () => {
  let letGo = (): void => {};
  const arrived = new Promise<void>((resolve) => (letGo = resolve));
  await using upstream = await rawUpstream(async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    await arrived;
    response.end("data: 2\n\n");
  });
  await using server = await serving(upstream.url);
  const answer = await post(server, chat(CHAT, { stream: true }));
  const parts: string[] = [];
  for await (const part of answer.body ?? []) {
    parts.push(Buffer.from(part).toString());
    letGo();
  }
  expect(parts).toEqual(["data: 1\n\n", "data: 2\n\n"]);
});

it.each(["/completions", "/embeddings", "/responses"])("%s is passed through", async (path) => {
  await using upstream = await rawUpstream((_, response) => void response.end("{}"));
  await using server = await serving(upstream.url);
  const answer = await post(server, { model: "funprm/llm", input: PROGRAM }, { path });
  expect(await answer.text()).toBe("{}");
  expect(upstream.received[0]?.path).toBe(`/v1${path}`);
  expect(JSON.parse(upstream.received[0]?.body.toString() ?? "")).toEqual({ model: "llm", input: PROGRAM });
});

it("an upstream's address may hold a query", async () => {
  await using upstream = await rawUpstream((_, response) => void response.end("{}"));
  await using server = await serving(`${upstream.url}?api-version=1`);
  await (await post(server, chat(CHAT), { path: "/chat/completions?a=b" })).text();
  expect(upstream.received[0]?.path).toBe("/v1/chat/completions?a=b&api-version=1");
});

it.each([
  [{ origin: "https://pages.example" }, 403],
  [{ "content-type": "text/plain" }, 415],
  [{ "content-type": "application/x-www-form-urlencoded" }, 415],
])("a web page cannot ask a server on its reader's machine: %j", async (headers, status) => {
  await using upstream = await rawUpstream((_, response) => void response.end("{}"));
  await using server = await serving(upstream.url);
  expect((await post(server, chat(CHAT), { headers })).status).toBe(status);
  expect(upstream.received).toEqual([]);
});

it("lists the upstream's models and its own, and is well without a key", async () => {
  await using upstream = await rawUpstream((_, response) => {
    response.end(
      JSON.stringify({ object: "list", data: [{ id: "llm", owned_by: "them" }, { id: "other" }] }),
    );
  });
  await using server = await serving(upstream.url, { clientKeyEnv: "CLIENT_KEY" });
  const headers = { authorization: `Bearer ${CLIENT_KEY}` };
  const list = await (await fetch(`${server.url}/models`, { headers })).json();
  expect(list).toEqual({
    object: "list",
    data: [
      { id: "funprm/llm", object: "model", created: 0, owned_by: "funprm" },
      { id: "llm", owned_by: "them" },
      { id: "other" },
    ],
  });
  const one = await fetch(`${server.url}/models/${encodeURIComponent("funprm/llm")}`, { headers });
  expect(await one.json()).toMatchObject({ id: "funprm/llm" });
  expect((await fetch(`${server.url}/models/none`, { headers })).status).toBe(404);
  expect((await fetch(`${server.url}/models`)).status).toBe(401);
  expect(await (await fetch(`${server.root}/healthz`)).json()).toMatchObject({ status: "ok" });
});

it("lists its own models where the upstream lists none", async () => {
  await using upstream = await rawUpstream((_, response) => void response.writeHead(500).end("broken"));
  await using server = await serving(upstream.url);
  const list = await (await fetch(`${server.url}/models`)).json();
  expect(list).toMatchObject({ data: [{ id: "funprm/llm" }, { id: "llm" }] });
});
