import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startReplayServer } from "../../src/replay/server.ts";
import type { ReplayExchange } from "../../src/replay/server.ts";
import { storeKey } from "../../src/llm/store/store-key.ts";
import { random, range } from "./collect.ts";

const PROBLEMS = 12;
const SAMPLES = 8;
const KILLS = 20;
const CHILD = fileURLToPath(new URL("sampling-child.mjs", import.meta.url));

const statement = (p: number): string =>
  `Problem ${p}: given ${p} numbers, print the ${p}-th smallest of them all.`;
const problems = range(PROBLEMS).map((p) => ({ id: `p${p}`, statement: statement(p), starterCode: "" }));
const pool = problems.flatMap(({ id }) =>
  range(SAMPLES).map((k) => ({ problemId: id, code: `print("${id} candidate ${k}")\n` })),
);
const jobs = range(PROBLEMS).map((p) => ({
  problemId: `p${p}`,
  messages: [{ role: "user" as const, content: `Solve this.\n\n${statement(p)}\n\nGood luck.` }],
  indices: range(SAMPLES),
}));

interface Line {
  readonly problemId?: string;
  readonly index?: number;
  readonly text?: string;
  readonly stored?: boolean;
  readonly error?: { readonly message: string };
  readonly end?: boolean;
  readonly warning?: string;
}

/** Runs a child until it ends or has been killed after `killAfterLines` lines and `thenMs`. */
function sample(
  options: object,
  kill?: { lines: number; thenMs: number; signal: NodeJS.Signals },
): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    let armed = kill !== undefined;
    const lines = (): Line[] =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line): Line => JSON.parse(line));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (
        kill !== undefined &&
        armed &&
        lines().filter(({ stored }) => stored === false).length >= kill.lines
      ) {
        armed = false;
        setTimeout(() => child.kill(kill.signal), kill.thenMs);
      }
    });
    child.once("error", reject);
    child.once("close", () => resolve(lines()));
  });
}

test("kill -9 at 20 random moments, then to the end: every sample once, none that was stored asked for again", async () => {
  const store = await mkdtemp(join(tmpdir(), "funprm-kill-"));
  const exchanges: { run: number; exchange: ReplayExchange }[] = [];
  let run = 0;
  const server = await startReplayServer({
    problems,
    candidates: pool,
    latencyMs: 15,
    onExchange: (exchange) => exchanges.push({ run, exchange }),
  });
  const next = random(20260122);
  const options = { baseUrl: server.url, store, jobs, concurrency: 3, choices: 2 };
  const keys = jobs.map(({ messages }) => storeKey(server.url, { messages, model: "replayed", params: {} }));
  let askedAgain = 0;
  let lostInFlight = 0;
  let untold = 0;
  let last: Line[] = [];
  try {
    for (run = 0; run <= KILLS; run += 1) {
      const before = await storedSamples(store, keys);
      const kill = { lines: 1 + Math.floor(next() * 4), thenMs: next() * 12, signal: "SIGKILL" as const };
      last = await sample(options, run < KILLS ? kill : undefined);
      const after = await storedSamples(store, keys);
      const asked = exchanges
        .filter((one) => one.run === run)
        .flatMap(({ exchange }) =>
          exchange.positions.map((position) => ({
            name: `${exchange.problemId} ${position}`,
            delivered: exchange.delivered,
          })),
        );
      askedAgain += asked.filter(({ name }) => before.has(name)).length;
      lostInFlight += asked.filter(({ name, delivered }) => delivered && !after.has(name)).length;
      untold += last.filter(
        ({ problemId, index }) => index !== undefined && !after.has(`${problemId} ${index}`),
      ).length;
      for (const name of before) expect(after).toContain(name);
    }
  } finally {
    await server.close();
  }
  const finished = last.filter(({ index }) => index !== undefined);
  expect(last.at(-1)).toEqual({ end: true });
  expect(finished).toHaveLength(PROBLEMS * SAMPLES);
  expect(new Set(finished.map(({ problemId, index }) => `${problemId} ${index}`)).size).toBe(
    PROBLEMS * SAMPLES,
  );
  for (const { problemId, index, text } of finished) {
    expect(text).toBe(`\`\`\`python\nprint("${problemId} candidate ${index}")\n\n\`\`\`\n`);
  }
  expect({ askedAgain, untold }).toEqual({ askedAgain: 0, untold: 0 });
  // Every delivered choice is either a stored sample or was on its way when its process died.
  const delivered = exchanges.flatMap(({ exchange }) => (exchange.delivered ? exchange.positions : []));
  expect(delivered.length).toBe(PROBLEMS * SAMPLES + lostInFlight);
  expect(await leftovers(store)).toEqual([]);
  process.stderr.write(
    `kill -9 x ${KILLS}: ${delivered.length} choices delivered, ${PROBLEMS * SAMPLES} samples stored, ${lostInFlight} in flight at a kill, ${askedAgain} stored ones asked for again\n`,
  );
  await rm(store, { recursive: true });
});

test("Ctrl-C: no further request starts, what is under way is kept", async () => {
  const store = await mkdtemp(join(tmpdir(), "funprm-int-"));
  const exchanges: ReplayExchange[] = [];
  const server = await startReplayServer({
    problems,
    candidates: pool,
    latencyMs: 100,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  const options = { baseUrl: server.url, store, jobs, concurrency: 4, choices: 1 };
  const first = await sample(options, { lines: 8, thenMs: 30, signal: "SIGINT" });
  const delivered = exchanges.filter((exchange) => exchange.delivered).length;
  expect(first.at(-1)).toMatchObject({ error: { code: "interrupted" } });
  expect(first.filter(({ index }) => index !== undefined)).toHaveLength(delivered);
  expect(delivered).toBeLessThan(PROBLEMS * SAMPLES);
  const second = await sample(options);
  await server.close();
  expect(second.filter(({ stored }) => stored === true)).toHaveLength(delivered);
  expect(second.filter(({ index }) => index !== undefined)).toHaveLength(PROBLEMS * SAMPLES);
  expect(exchanges.filter((exchange) => exchange.delivered)).toHaveLength(PROBLEMS * SAMPLES);
  await rm(store, { recursive: true });
});

test("two processes may share a store: whole samples, every one there", async () => {
  const store = await mkdtemp(join(tmpdir(), "funprm-two-"));
  const server = await startReplayServer({ problems, candidates: pool, latencyMs: 5 });
  const options = { baseUrl: server.url, store, jobs, concurrency: 4, choices: 3 };
  const runs = await Promise.all([sample(options), sample(options)]);
  const third = await sample(options);
  await server.close();
  for (const lines of [...runs, third]) {
    expect(lines.at(-1)).toEqual({ end: true });
    expect(lines.filter(({ index }) => index !== undefined)).toHaveLength(PROBLEMS * SAMPLES);
    expect(lines.filter(({ warning }) => warning !== undefined)).toEqual([]);
  }
  expect(third.every(({ index, stored }) => index === undefined || stored === true)).toBe(true);
  await rm(store, { recursive: true });
});

/** What is stored, as `PROBLEM INDEX`. */
async function storedSamples(store: string, keys: readonly string[]): Promise<Set<string>> {
  const files = await readdir(store, { recursive: true });
  const names = keys.flatMap((key, p) => {
    const stem = `${key.slice(0, 2)}/${key.slice(2)}-`;
    const own = files.filter((file) => file.startsWith(stem) && file.endsWith(".json"));
    return own.map((file) => `p${p} ${parseInt(file.slice(stem.length), 10)}`);
  });
  return new Set(names);
}

async function leftovers(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".tmp"));
}
