// Sampling rate against the ideal: 2,000 candidates at concurrency 128 from a server that answers after 500 ms.
// Run: npm run build && node benchmarks/sampling/run.mjs   (--dist FOLDER: another build; --dry: no table written)
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Agent, fetch } from "undici";
import { fitted } from "../fit-markdown.mjs";
import { statementOf } from "./pool.mjs";
import { DIST, open } from "../door.mjs";

const CANDIDATES = 2000;
const CONCURRENCY = 128;
const LATENCY_MS = 500;
const RUNS = 3;

const { values } = parseArgs({ options: { dist: { type: "string" }, dry: { type: "boolean" } } });
const { openAiLlm, sampleProblems, SampleStore } = await open("openAiLlm", "sampleProblems", "SampleStore");

const idealSeconds = (CANDIDATES / CONCURRENCY) * (LATENCY_MS / 1000);
const jobs = Array.from({ length: CANDIDATES }, (_, p) => ({
  problemId: `p${p}`,
  messages: [{ role: "user", content: `Write a Python program.\n\n${statementOf(p)}\n\nAnswer with code.` }],
  indices: [0],
}));

async function startServer(faults) {
  const options = JSON.stringify({ problems: CANDIDATES, latencyMs: LATENCY_MS, faults });
  const child = spawn(process.execPath, [fileURLToPath(new URL("server.mjs", import.meta.url)), options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, FUNPRM_DIST: DIST },
  });
  const url = await new Promise((started) =>
    child.stdout.once("data", (data) => started(String(data).trim())),
  );
  return { url, stop: () => child.kill() };
}

/** What is there to reach just now: the same requests by a bare loop over undici's fetch, answers thrown away. */
async function runBare() {
  const server = await startServer([]);
  const agent = new Agent({ connections: CONCURRENCY, pipelining: 1 });
  const cpu = process.cpuUsage();
  const start = performance.now();
  const left = [...jobs];
  const worker = async () => {
    for (let job = left.pop(); job !== undefined; job = left.pop()) {
      const body = JSON.stringify({ model: "replayed", messages: job.messages });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${server.url}/chat/completions`, {
        method: "POST",
        body,
        headers,
        dispatcher: agent,
      });
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await agent.destroy();
  server.stop();
  return { seconds, cpuSeconds: (user + system) / 1e6, requests: CANDIDATES, throttled: 0 };
}

async function runOnce({ faults, stored }) {
  const server = await startServer(faults);
  const directory = await mkdtemp(join(tmpdir(), "funprm-bench-"));
  const llm = await openAiLlm({ baseUrl: server.url, concurrency: CONCURRENCY, choicesPerRequest: 1 });
  const store = stored ? new SampleStore(directory) : undefined;
  const cpu = process.cpuUsage();
  const start = performance.now();
  let count = 0;
  for await (const _ of sampleProblems(jobs, { llm, model: "replayed", params: { temperature: 1 }, store }))
    count += 1;
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { requests, throttled } = llm.activity;
  await llm.close();
  server.stop();
  await rm(directory, { recursive: true, force: true });
  if (count !== CANDIDATES) throw new Error(`expected ${CANDIDATES} samples, got ${count}`);
  return { seconds, cpuSeconds: (user + system) / 1e6, requests, throttled };
}

const settings = [
  { name: "bare loop over fetch: what the machine gives", bare: true },
  { name: "store on", faults: [], stored: true },
  { name: "store off", faults: [], stored: false },
  { name: "store on, every 20th request answered 429", faults: ["429@every=20"], stored: true },
  { name: "store on, 429 above 64 requests at once", faults: ["capacity:64"], stored: true },
];
const [load = 0] = loadavg();
const rows = [];
for (const setting of settings) {
  const runs = [];
  for (let i = 0; i < RUNS; i += 1) runs.push(await (setting.bare ? runBare() : runOnce(setting)));
  runs.sort((a, b) => a.seconds - b.seconds);
  const median = runs[Math.floor(RUNS / 2)];
  const all = runs.map(({ seconds }) => seconds.toFixed(2)).join(", ");
  rows.push(
    `| ${setting.name} | ${median.seconds.toFixed(2)} (${all}) | ${(CANDIDATES / median.seconds).toFixed(0)} | ${((100 * idealSeconds) / median.seconds).toFixed(1)} % | ${median.cpuSeconds.toFixed(2)} | ${median.requests} | ${median.throttled} |`,
  );
  console.log(rows.at(-1));
}

const table = `# Sampling rate

${CANDIDATES} candidates, one a request, concurrency ${CONCURRENCY}, from a replay server in its own process that answers after ${LATENCY_MS} ms.
Ideal: ${CANDIDATES} / ${CONCURRENCY} waves of ${LATENCY_MS} ms = ${idealSeconds.toFixed(2)} s (${(CANDIDATES / idealSeconds).toFixed(0)} candidates/s). Whole waves are 16,
which alone take 8.00 s: 97.7 % is the most that any client can reach. Median of ${RUNS} runs, all runs in brackets.

Command: \`npm run build && node benchmarks/sampling/run.mjs\`. 2026-11-20, 2 cores, 24 GB, Node 20.20; client and server share the cores
with whatever else runs (load average at the start: ${load.toFixed(1)}); the bare loop shows what the machine gave at the time.

| setting | seconds | candidates/s | of the ideal | client CPU s | requests | answered 429 |
|---|---|---|---|---|---|---|
${rows.join("\n")}

With 64 requests at once the ideal is ${(2 * idealSeconds).toFixed(2)} s: half the concurrency, twice the time.
`;
if (values.dry !== true) await writeFile(new URL("../results/sampling.md", import.meta.url), fitted(table));
