// Programs a second at 1, 2 and 4 workers of one job each on one machine, with and without a store, and as tasks of Ray in
// two places; all in turns, so that a busy machine slows all alike. Every output must be that of one worker.
// node benchmarks/scale/workers.mjs [--rounds 2] [--python training/.venv/bin/python] [--work FOLDER]
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { MAIN } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";
import { makePool } from "./pool.mjs";

const FACTORS = 150;
const rounds = Number(flag("--rounds", "2"));
const python = resolve(flag("--python", "training/.venv/bin/python"));
const base = flag("--work", mkdtempSync(join(tmpdir(), "funprm-workers-")));
mkdirSync(base, { recursive: true });
makePool(base, FACTORS);
const lines = readFileSync(join(base, "pool.jsonl"), "utf8").split("\n").length - 1;
const GRADE = ["grade", "pool.jsonl", "--problems", "problems.jsonl", "--steady"];

async function ended(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: base,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${said}`);
  return said;
}

const funprm = (...args) => ended(process.execPath, [MAIN, ...args, "--quiet"]);

/** So many workers with a shard each, at once, then merged. */
async function shards(count, store) {
  const parts = Array.from({ length: count }, (_, index) => `part-${index}.jsonl`);
  const kept = store ? ["--verdicts", "store"] : [];
  const started = performance.now();
  await Promise.all(
    parts.map((out, index) =>
      funprm(...GRADE, "--jobs", "1", ...kept, "--shard", `${index}/${count}`, "--out", out),
    ),
  );
  await funprm("merge", ...parts, "--out", "merged.jsonl");
  return (performance.now() - started) / 1000;
}

/** Two places of Ray. What Ray itself takes to start is not counted: a cluster is there. */
async function withRay(count) {
  const args = ["-m", "funprm_ray", ...GRADE, "--out", "merged.jsonl", "--shards-in-all", String(count)];
  const said = await ended(python, [...args, "--address", "auto"], { FUNPRM_MAIN: MAIN });
  return JSON.parse(said.trim().split("\n").at(-1)).wall_s;
}

const VARIANTS = {
  "1 worker": () => shards(1, false),
  "2 workers": () => shards(2, false),
  "4 workers": () => shards(4, false),
  "1 worker, store": () => shards(1, true),
  "2 workers, store": () => shards(2, true),
  "4 workers, store": () => shards(4, true),
  "Ray, 2 places, 2 shards": () => withRay(2),
  "Ray, 2 places, 8 shards": () => withRay(8),
};
const ray = join(python, "..", "ray");
const niceness = { RAY_worker_niceness: "0", RAY_USAGE_STATS_ENABLED: "0" };
// In the foreground: its processes end with it, and nobody else's do.
const cluster = spawn(
  ray,
  ["start", "--head", "--block", "--num-cpus", "2", "--include-dashboard", "false", "--port", "0"],
  { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...niceness } },
);
await new Promise((up, down) => {
  let told = "";
  const read = (chunk) => {
    told += chunk;
    if (told.includes("block forever")) up();
  };
  cluster.once("exit", () => down(new Error(`Ray did not start: ${told}`)));
  cluster.stdout.on("data", read);
  cluster.stderr.on("data", read);
});
const seconds = new Map(Object.keys(VARIANTS).map((name) => [name, 0]));
let expected;
try {
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(VARIANTS)) {
      rmSync(join(base, "store"), { recursive: true, force: true });
      rmSync(join(base, "merged.jsonl"), { force: true });
      const took = await run();
      seconds.set(name, seconds.get(name) + took);
      const output = readFileSync(join(base, "merged.jsonl"), "utf8");
      expected ??= output;
      if (output !== expected) throw new Error(`${name}: other bytes than those of one worker`);
      console.error(name, took.toFixed(1));
    }
  }
} finally {
  const gone = new Promise((resolve) => cluster.once("exit", resolve));
  cluster.kill("SIGTERM");
  await gone;
}
const rate = (name) => (rounds * lines) / seconds.get(name);
writeFileSync(join(base, "seconds.json"), JSON.stringify([...seconds]));
writeResult("scale-workers", "node benchmarks/scale/workers.mjs", [
  "# Programs a second by workers",
  "",
  `${lines} candidates, workers of one job each on a machine of two cores, in turns, ${rounds} times; starting up and ` +
    "merging included. All outputs have the same bytes. Ray: two places of a cluster that is there.",
  "",
  ...table(
    ["how", "candidates/s", "times one worker"],
    [...seconds.keys()].map((name) => [
      name,
      rate(name).toFixed(1),
      (rate(name) / rate("1 worker")).toFixed(2),
    ]),
  ),
]);
