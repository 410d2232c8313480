// Ranks the whole livecodebench-v5 pool through the command line, as a user's pipe would, and watches memory.
//   npm run build && node benchmarks/rank/run.mjs
import { spawn } from "node:child_process";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { MAIN } from "../door.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = `${root}../shared/data`;
const pool = `${data}/pools/livecodebench-v5.jsonl.gz`;
const problems = `${data}/problems/livecodebench-v5.jsonl.gz`;
if (!existsSync(pool))
  throw new Error("this benchmark needs the shared data next to the repository: ../shared/data");

const expected = new Map();
for await (const line of createInterface({ input: createReadStream(pool).pipe(createGunzip()) })) {
  const { problem_id: id } = JSON.parse(line);
  expected.set(id, (expected.get(id) ?? 0) + 1);
}

const started = performance.now();
const gunzip = spawn("gunzip", ["-c", pool], { stdio: ["ignore", "pipe", "inherit"] });
const rank = spawn(process.execPath, [MAIN, "rank", "--problems", problems], {
  stdio: [gunzip.stdout, "pipe", "pipe"],
});
const memory = [];
const sampler = setInterval(() => {
  memory.push({
    seconds: (performance.now() - started) / 1000,
    parent: rssMb(rank.pid),
    child: childRssMb(rank.pid),
  });
}, 1000);
let note = "";
rank.stderr.on("data", (text) => {
  note += text;
  process.stderr.write(text);
});
const exited = new Promise((resolve) => rank.on("close", resolve));
const rows = new Map();
let truncated = 0;
let previous;
for await (const line of createInterface({ input: rank.stdout })) {
  const row = JSON.parse(line);
  const own = rows.get(row.problem_id) ?? [];
  own.push(row);
  rows.set(row.problem_id, own);
  if (row.truncated_tokens > 0) truncated += 1;
  previous = row;
}
const code = await exited;
clearInterval(sampler);
const seconds = (performance.now() - started) / 1000;

const count = [...rows.values()].reduce((sum, own) => sum + own.length, 0);
const complete = [...expected].every(([id, n]) => rows.get(id)?.length === n) && rows.size === expected.size;
const ordered = [...rows.values()].every((own) =>
  own.every((row, i) => row.rank === i + 1 && (i === 0 || own[i - 1].reward >= row.reward)),
);
const selected = [...rows.values()].filter((own) => own.filter((row) => row.selected).length === 1).length;
const [, candidateRate, tokenRate] = /\(([\d.]+) candidates\/s, ([\d.]+) tokens\/s\)/.exec(note) ?? [];
const quarter = (from, to, who) => {
  const part = memory
    .filter((m) => m.seconds >= seconds * from && m.seconds < seconds * to)
    .map((m) => m[who]);
  return part.length === 0 ? "-" : Math.max(...part).toFixed(0);
};
const quarters = [0, 0.25, 0.5, 0.75];

const report = fitted(`# Ranking the whole livecodebench-v5 pool

\`npm run build && node benchmarks/rank/run.mjs\`, which pipes the pool (data/pools/livecodebench-v5.jsonl.gz, unpacked) into
\`funprm rank --problems ../shared/data/problems/livecodebench-v5.jsonl.gz\`. 2026-11-20, ${cpus().length} cores (${cpus()[0].model}), Node ${process.versions.node}. The pool comes in an order that mixes problems.

| | |
|---|---|
| exit code | ${code} |
| candidates, problems | ${count}, ${rows.size} |
| one row a candidate, none missing | ${complete ? "yes" : "NO"} |
| ranks from 1 without gaps, rewards falling | ${ordered ? "yes" : "NO"} |
| problems with exactly one selected program | ${selected} |
| rows whose statement or code did not fit the context | ${truncated} |
| wall time | ${seconds.toFixed(0)} s |
| candidates/s | ${candidateRate} |
| tokens/s through the model | ${tokenRate} |
| before softmax guards were dropped and int8 scales fused | 829 s, 10.5 candidates/s, 4629 tokens/s (shared cores) |
| model | ${previous.by.prm}, sha256 ${previous.by.prm_sha256.slice(0, 16)} |

Peak resident memory in MB, by quarter of the run (flat: it holds rewards, not programs):

| process | ${quarters.map((q) => `${100 * q} to ${100 * q + 25} %`).join(" | ")} |
|---|${quarters.map(() => "---|").join("")}
| command | ${quarters.map((q) => quarter(q, q + 0.25, "parent")).join(" | ")} |
| scoring process | ${quarters.map((q) => quarter(q, q + 0.25, "child")).join(" | ")} |
`);
writeFileSync(`${root}benchmarks/results/rank.md`, report);
process.stdout.write(report);

function rssMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function childRssMb(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return children.reduce((sum, child) => sum + rssMb(child), 0);
  } catch {
    return 0;
  }
}
