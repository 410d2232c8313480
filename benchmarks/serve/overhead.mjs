// What `funprm serve` adds to a request that it passes through, beside the bare upstream (`funprm replay`), in turn.
//   npm run build && node benchmarks/serve/overhead.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { fitted } from "../fit-markdown.mjs";
import { serveReplayed } from "./processes.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = `${root}examples/page-ranges/`;
const { statement } = JSON.parse(readFileSync(`${example}problem.json`, "utf8"));
const CLIENTS = [1, 16, 64];
const ROUNDS = 3;
const REQUESTS = 256;

const [load] = loadavg();
const running = await serveReplayed({
  candidates: `${example}candidates.jsonl`,
  problems: `${example}problem.json`,
  args: ["--quiet"],
});
const body = (stream) =>
  JSON.stringify({ model: "other", stream, messages: [{ role: "user", content: `Hello! ${statement}` }] });

/** Milliseconds of each request, so many clients asking one after the other. */
async function ask(url, clients, requests, stream) {
  const { origin, pathname } = new URL(`${url}/chat/completions`);
  const pool = new Pool(origin, { connections: clients });
  const times = [];
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      const answer = await pool.request({
        path: pathname,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body(stream),
      });
      await answer.body.dump({ limit: 1e9 });
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await pool.close();
  return times;
}

/** CPU milliseconds that the server has taken so far: what a busy machine does not change much. */
function cpuMs() {
  const [, rest] = readFileSync(`/proc/${running.pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const rows = [];
for (const stream of [false, true]) {
  for (const clients of CLIENTS) {
    const times = { bare: [], through: [] };
    let cpu = 0;
    for (let round = -1; round < ROUNDS; round += 1) {
      const bare = await ask(running.upstream, clients, REQUESTS, stream);
      const before = cpuMs();
      const through = await ask(running.url, clients, REQUESTS, stream);
      if (round >= 0) cpu += cpuMs() - before;
      if (round < 0) continue;
      times.bare.push(...bare);
      times.through.push(...through);
    }
    const cells = [0.5, 0.99].flatMap((q) => {
      const [bare, through] = [quantile(times.bare, q), quantile(times.through, q)];
      return [bare.toFixed(1), through.toFixed(1), (through - bare).toFixed(1)];
    });
    rows.push(
      `| ${stream ? "streamed" : "whole"} | ${clients} | ${cells.join(" | ")} | ${(cpu / ROUNDS / REQUESTS).toFixed(1)} |`,
    );
    console.error(rows.at(-1));
  }
}
await running.stop();
const report = `# What serve adds to a request that it passes through

\`npm run build && node benchmarks/serve/overhead.mjs\`: milliseconds of a chat request to \`funprm replay\`, bare and
through \`funprm serve\`, in turn; ${ROUNDS} rounds of ${REQUESTS} requests each. Clients, server and upstream share the
machine, so with many clients each waits for the others' work too; a real LLM answers in seconds. The last column is the
CPU time of the server's process for a request. 2 cores, Node ${process.versions.node}, load ${load.toFixed(1)}
when it began.

| answer | clients | bare p50 | through p50 | more | bare p99 | through p99 | more | CPU |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
writeFileSync(`${root}benchmarks/results/serve-overhead.md`, fitted(report));
process.stdout.write(report);
