import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveInterpreter } from "../../../src/sandbox/interpreter.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { namedPool, started } from "../../sandbox/named-pool.ts";
import { DOUBLE, RIGHT, SQUARES, UNTESTED } from "./problems.ts";
import { CLIENT_KEY, rewarding, type Rewarding, until } from "./rewarding.ts";

let sandbox: Sandbox;
let server: Rewarding;
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2 });
  server = await rewarding(sandbox, [DOUBLE, UNTESTED]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await sandbox.close();
});

const jsonOf = async (answer: Response) => JSON.parse(await answer.text());
const answered = async (body: object, on: Rewarding = server) => jsonOf(await on.post(body));

it("judges each program by the tests of its problem, in order, with the share that it passes", async () => {
  const inline = {
    id: "inline",
    statement: "Print the input.",
    tests: [{ input: "a", output: "a" }],
  };
  const { items, by } = await answered({
    items: [
      { id: "a", problem: "double", program: RIGHT },
      { id: 2, problem: "double", completion: `Here:\n\`\`\`python\n${SQUARES}\`\`\`\n` },
      { problem: "double", program: "print(" },
      { problem: "double", completion: "I cannot say." },
      { problem: inline, program: "print(input())" },
      { problem: inline, program: "print(1)" },
    ],
  });
  expect(items).toMatchObject([
    { id: "a", problem_id: "double", passed: true, share: 1, reward: 1, tests: { passed: 4, total: 4 } },
    { id: 2, passed: false, verdict: "wrong_answer", share: 0.5, reward: 0, failed_test: { index: 0 } },
    { passed: false, verdict: "runtime_error", share: 0, steps: [{ complete: false }] },
    { passed: false, share: 0 },
    { problem_id: "inline", passed: true, reward: 1 },
    { problem_id: "inline", passed: false, reward: 0 },
  ]);
  expect(by).toMatchObject({ sandbox: sandbox.identity });
});

it("what cannot be judged is unscorable with its reason, and nowhere 0", async () => {
  const broken = {
    id: "broken",
    statement: "x",
    tests: [{ unittest: "import no_such_library" }],
  };
  const { items } = await answered({
    shape: "psgpo",
    outcome: "share",
    items: [
      { problem: "nobody", program: RIGHT },
      { problem: "untested", program: RIGHT, line_rewards: [1, 1] },
      { problem: broken, program: "x = 1\n" },
      { problem: "double", program: SQUARES },
    ],
  });
  for (const item of items.slice(0, 3)) {
    expect(item).toMatchObject({
      passed: null,
      share: null,
      reward: null,
      tests: null,
      verdict: "infra_error",
    });
    expect(item).not.toHaveProperty("shaped");
    expect(item.steps.some((step: object) => "shaped" in step)).toBe(false);
  }
  expect(items[0].unscorable.reason).toMatch(/no problem nobody/);
  expect(items[1].unscorable.reason).toMatch(/has no tests/);
  expect(items[2].unscorable.reason).toMatch(/no_such_library/);
  expect(items[3]).toMatchObject({ share: 0.5, shaped: { terminal: 0.5, lines: 2, total: null } });
  expect(items[3]).not.toHaveProperty("unscorable");
});

it("a worker that is killed under way costs no program its verdict", async () => {
  const name = "funprm-reward-killed";
  const pool = namedPool(await resolveInterpreter("python3"), name, { jobs: 2 });
  try {
    await using own = await rewarding(pool, [DOUBLE]);
    const slow = (at: number): string => `import time\ntime.sleep(0.2)  # ${at}\n${RIGHT}`;
    const programs = Array.from({ length: 6 }, (_, at) => ({ problem: "double", program: slow(at) }));
    const answer = answered({ items: programs }, own);
    const [victim] = await started(name);
    if (victim !== undefined) process.kill(victim, "SIGKILL");
    const { items } = await answer;
    expect(items.map((item: { verdict: string }) => item.verdict)).toEqual(programs.map(() => "pass"));
  } finally {
    await pool.close();
  }
});

it("clients that do not send or do not read hold up nobody, and a client that goes takes its programs along", async () => {
  const url = new URL(server.url);
  const raw = (body: string, length: number) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on("error", () => {});
    socket.write(
      `POST ${url.pathname} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
    return socket;
  };
  const half = raw('{"items": [', 1000);
  const body = JSON.stringify({ items: [{ problem: "double", program: `${RIGHT}# unread` }] });
  const unread = raw(body, body.length);
  unread.pause();
  const going = new AbortController();
  const endless = (at: number) => ({ problem: "double", program: `import time\ntime.sleep(1000)  # ${at}` });
  const gone = server.post(
    { items: Array.from({ length: 50 }, (_, at) => endless(at)) },
    { signal: going.signal },
  );
  await until(async () => (await server.held()) >= 50);
  going.abort();
  await expect(gone).rejects.toThrow(/abort/);
  // Fifty programs that each wait 23 seconds would be in the way of this one.
  const { items } = await answered({ items: [{ problem: "double", program: `${RIGHT}# now` }] });
  expect(items).toMatchObject([{ passed: true }]);
  await until(async () => (await server.held()) === 0);
  expect(server.said.join("\n")).toMatch(/the client went after/);
  half.destroy();
  unread.destroy();
});

it("a time limit is confirmed although other programs keep coming", async () => {
  const hot = { id: "hot", statement: "x", tests: [{ input: "", output: "" }] };
  await using own = await rewarding(sandbox, [DOUBLE], { timeoutMs: 500 });
  const stop = new AbortController();
  let others = 0;
  const load = (async () => {
    while (!stop.signal.aborted) {
      await answered({ items: [{ problem: "double", program: `${RIGHT}# ${others}` }] }, own);
      others += 1;
    }
  })();
  const { items } = await answered({ items: [{ problem: hot, program: "while True: pass" }] }, own);
  stop.abort();
  await load;
  expect(items).toMatchObject([{ verdict: "time_limit", passed: false }]);
  expect(others).toBeGreaterThan(0);
});

describe("who may ask, and for how much", () => {
  it("whoever has the key, when one is needed; the health of the server needs none", async () => {
    await using closed = await rewarding(sandbox, [DOUBLE], { flags: { clientKeyEnv: "CLIENT_KEY" } });
    const body = { items: [{ problem: "double", program: RIGHT }] };
    expect((await closed.post(body)).status).toBe(401);
    const headers = { authorization: `Bearer ${CLIENT_KEY}` };
    expect((await closed.post(body, { headers })).status).toBe(200);
    expect(await closed.held()).toBe(0);
    expect(closed.said.join("\n")).not.toContain(CLIENT_KEY);
  });

  it("no web page, and nobody for more than there is room for", async () => {
    await using small = await rewarding(sandbox, [DOUBLE], { flags: { queue: "2" } });
    const items = Array.from({ length: 3 }, () => ({ problem: "double", program: RIGHT }));
    const foreign = await small.post(
      { items: items.slice(2) },
      { headers: { origin: "https://elsewhere.org" } },
    );
    expect(foreign.status).toBe(403);
    expect((await small.post({ items })).status).toBe(413);
    const slow = { problem: "double", program: `import time\ntime.sleep(1)\n${RIGHT}` };
    const first = small.post({ items: [slow, slow] });
    await until(async () => (await small.held()) === 2);
    const second = await small.post({ items: items.slice(2) });
    expect([second.status, Number(second.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect((await jsonOf(await first)).items).toMatchObject([{ passed: true }, { passed: true }]);
  });

  it.each([
    ['{"items": [{"problem": "double"}]}', /items\[0\].*program/],
    ['{"items": [{"problem": "double", "program": ""}], "prm": true}', /--prm DIR/],
    ['{"items": [{"problem": {"id": "x"}, "program": ""}]}', /expected a problem/],
    [
      '{"items": [{"problem": "double", "program": "x = 1", "line_rewards": [1, 1]}], "shape": "psgpo"}',
      /each of the 1 lines/,
    ],
    ["nonsense", /expected a JSON object/],
  ])("a request that cannot be read is told what is wrong: %s", async (body, message) => {
    const answer = await server.post(body);
    expect(answer.status).toBe(400);
    expect((await jsonOf(answer)).error.message).toMatch(message);
  });
});

it("stops as it should: what is under way is answered, and nothing new is taken", async () => {
  const own = await rewarding(sandbox, [DOUBLE]);
  const slow = { problem: "double", program: `import time\ntime.sleep(0.5)\n${RIGHT}# last` };
  const last = own.post({ items: [slow] });
  await until(async () => (await own.held()) === 1);
  const stopped = own.server.stop(600_000);
  expect((await jsonOf(await last)).items).toMatchObject([{ passed: true }]);
  await stopped;
  await expect(own.post({ items: [slow] })).rejects.toThrow("fetch failed");
  await own[Symbol.asyncDispose]();
});

describe("OpenRLHF's form", () => {
  const query = (response: string) => ({
    query: [`<s>Double it.\n${response}</s>`],
    prompts: ["Double it.\n"],
    labels: ["double"],
  });

  it("answers with rewards, scores and logs of one length", async () => {
    const right = await server.post(query(`\`\`\`python\n${RIGHT}\`\`\``), { path: "/openrlhf" });
    expect(await right.json()).toEqual({
      rewards: [1],
      scores: [1],
      extra_logs: { passed: [1], share: [1] },
    });
    const half = await server.post(query(`\`\`\`python\n${SQUARES}\`\`\``), {
      path: "/openrlhf?outcome=share",
    });
    expect(await half.json()).toEqual({
      rewards: [0.5],
      scores: [0],
      extra_logs: { passed: [0], share: [0.5] },
    });
  });

  it("has an error for what cannot be judged, and for a response that cannot be told from its prompt", async () => {
    const unjudged = await server.post({ ...query(RIGHT), labels: ["nobody"] }, { path: "/openrlhf" });
    expect([unjudged.status, (await jsonOf(unjudged)).error.code]).toEqual([503, "unscorable"]);
    const other = await server.post({ ...query(RIGHT), prompts: ["Something else"] }, { path: "/openrlhf" });
    expect([other.status, (await jsonOf(other)).error.message]).toEqual([
      400,
      expect.stringMatching(/end of its prompt/),
    ]);
  });

  it("finds the response behind a prompt that was cut at its beginning", async () => {
    const prompt = `${"Much is said before. ".repeat(20)}Double the number and print it; read it from standard input.\n`;
    const body = { query: [prompt.slice(100) + RIGHT], prompts: [prompt], labels: ["double"] };
    expect(await (await server.post(body, { path: "/openrlhf" })).json()).toMatchObject({ rewards: [1] });
  });
});
