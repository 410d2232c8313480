import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { OpenAI } from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ReplayServer, startReplayServer } from "../../src/replay/server.ts";
import { MAIN } from "../cli/run-cli.ts";
import { eventsOf } from "./serving.ts";

const STATEMENT = `Add up numbers.

Input

The first line holds n (1 <= n <= 1000). The second line holds n integers between -1000 and 1000.

Output

Print their sum.

Example

Input
3
1 2 -4

Output
-1
`;
const WRONG = "n = int(input())\nprint(max(map(int, input().split())))\n";
const RIGHT = "n = int(input())\nprint(sum(map(int, input().split())))\n";
const OTHER = "input()\ntotal = 0\nfor word in input().split():\n    total += int(word)\nprint(total)\n";
/** It names its process, so that it can be seen from outside. */
const ENDLESS = `import ctypes, time
ctypes.CDLL(None).prctl(15, b"funprm-endless", 0, 0, 0)
while True:
    time.sleep(1)
`;
const ENDLESS_STATEMENT = STATEMENT.replace("Add up", "Add up, slowly,");

let upstream: ReplayServer;
let server: ChildProcess;
let url: string;
let said = "";
const KEY = "sk-upstream-0123456789";

beforeAll(async () => {
  const problems = [
    { id: "sum", statement: STATEMENT, starterCode: "" },
    { id: "endless", statement: ENDLESS_STATEMENT, starterCode: "" },
  ];
  const sum = [WRONG, RIGHT, OTHER, WRONG].map((code) => ({ problemId: "sum", code }));
  const endless = [ENDLESS, `${ENDLESS}\n`].map((code) => ({ problemId: "endless", code }));
  upstream = await startReplayServer({ problems, candidates: [...sum, ...endless], cycle: true });
  const args = [MAIN, "serve", "--model", "replay", "--base-url", upstream.url, "--port", "0", "-n", "4"];
  server = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, OPENAI_API_KEY: KEY },
  });
  server.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [line] = await once(server.stdout ?? server, "data");
  url = String(line).trim();
});
afterAll(async () => {
  server.kill("SIGKILL");
  await upstream.close();
});

const asked = {
  model: "replay",
  messages: [{ role: "user", content: `Solve it in Python.\n\n${STATEMENT}` }],
} as const;

function client(): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: "any", maxRetries: 0 });
}

it("an SDK gets the program that passes the example where the first sample does not", async () => {
  const answer = await client().chat.completions.create({ ...asked, messages: [...asked.messages] });
  expect(answer.choices[0]?.message.content).toContain(RIGHT);
  expect(answer.choices).toHaveLength(1);
  expect(answer).toMatchObject({
    model: "replay",
    funprm: {
      selected: 1,
      of: 4,
      asked: 4,
      decided_by: "examples",
      examples_passed: [true],
      confidence: expect.any(Number),
    },
  });
  const one = await client().chat.completions.create(
    { ...asked, messages: [...asked.messages] },
    { headers: { "X-Funprm-N": "1" } },
  );
  expect(one).not.toHaveProperty("funprm");
  const { usage } = answer;
  expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  expect(usage?.completion_tokens).toBeGreaterThan(2 * (one.usage?.completion_tokens ?? Infinity));
});

it("the same as a stream, with usage at its end and the choice before", async () => {
  const stream = await client().chat.completions.create({
    ...asked,
    model: "funprm/replay",
    messages: [...asked.messages],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  const chunks = [];
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    chunks.push(chunk);
  }
  expect(text).toContain(RIGHT);
  expect(chunks.at(-2)).toMatchObject({
    choices: [{ finish_reason: "stop" }],
    funprm: { selected: 1 },
    usage: null,
  });
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
});

it("a stream says that it is alive, and what it does, in comments", async () => {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...asked, stream: true }),
  });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const text = await response.text();
  expect(text).toMatch(/^: funprm choosing\n\n/);
  expect(eventsOf(text).at(-1)).toBe("[DONE]");
});

it("reranks programs for a statement", async () => {
  const response = await fetch(`${url}/rerank`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: STATEMENT,
      documents: [WRONG, { text: RIGHT }, "", `Here it is:\n\`\`\`python\n${OTHER}\`\`\``],
      top_n: 3,
      return_documents: true,
    }),
  });
  expect(await response.json()).toMatchObject({
    results: [
      { index: 1, relevance_score: 1, document: { text: RIGHT } },
      { index: 3, relevance_score: 1 },
      { index: 0, relevance_score: expect.any(Number) },
    ],
    funprm: { decided_by: "examples" },
  });
});

it.each([
  [{}, 400],
  [{ query: "x", documents: [] }, 400],
  [{ query: "x", documents: Array.from({ length: 257 }, () => "print(1)") }, 400],
  [{ query: "x", documents: ["print(1)"], top_n: 0 }, 400],
])("refuses what is no reranking", async (body, status) => {
  const response = await fetch(`${url}/rerank`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
});

it("stops programs whose client went, and leaves no process behind when it is told to stop", async () => {
  const gone = new AbortController();
  const answer = fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...asked,
      messages: [{ role: "user", content: `In Python.\n\n${ENDLESS_STATEMENT}` }],
      funprm: { n: 2 },
    }),
    signal: gone.signal,
  });
  while (!runsEndless()) await new Promise((resolve) => setTimeout(resolve, 20));
  gone.abort();
  await expect(answer).rejects.toThrow("abort");
  while (runsEndless()) await new Promise((resolve) => setTimeout(resolve, 20));
  const next = await client().chat.completions.create({ ...asked, messages: [...asked.messages] });
  expect(next).toMatchObject({ funprm: { selected: 1 } });

  const family = descendants(server.pid ?? 0);
  expect(family.length).toBeGreaterThan(0);
  const closed = once(server, "close");
  server.kill("SIGTERM");
  expect(await closed).toEqual([130, null]);
  while (family.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(said).toContain("the client went");
  expect(said).not.toContain(KEY);
  expect(said).not.toMatch(/defect/);
});

/** Processes of this machine as /proc has them: parent by process. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      found.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function descendants(root: number): number[] {
  const parentOf = parents();
  const isBelow = (pid: number): boolean => {
    const parent = parentOf.get(pid);
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...parentOf.keys()].filter(isBelow);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a program of the endless problem runs. */
function runsEndless(): boolean {
  return descendants(server.pid ?? 0).some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8") === "funprm-endless\n";
    } catch {
      return false;
    }
  });
}
