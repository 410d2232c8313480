// Four shards on one machine, and seeded kill -9 of workers, of processes in their sandboxes and of what drives them: the
// merged lines must be those of an undisturbed run, every key must be in the store once, and no kill may be a verdict.
// How many programs were begun is counted too: what was in flight at a kill is begun again, and nothing else.
// node benchmarks/scale/kills.mjs [--runs 20] [--seed 1] [--kills 6] [--work FOLDER]
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DIST, MAIN, open } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";
import { makePool } from "./pool.mjs";

const WORKERS = 4;
const MARK = "FUNPRM_KILLS";
/** Programs that a worker with one job has begun at a time: one that runs and one that waits (src/grade/grader.ts). */
const IN_FLIGHT = 2;
const COUNTING = new URL("count-programs.mjs", import.meta.url).href;
const self = fileURLToPath(import.meta.url);

if (process.argv.includes("--driver")) {
  process.exit(await drive(flag("--driver")));
}

/** Starts every shard until it ends by itself, as a batch system would, then merges. */
async function drive(folder) {
  const shard = async (index) => {
    for (;;) {
      const args = [
        ...gradeArgs("store"),
        "--shard",
        `${index}/${WORKERS}`,
        "--out",
        `part-${index}.jsonl`,
        "--resume",
      ];
      const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: "ignore" });
      const code = await new Promise((resolve) => child.once("exit", resolve));
      if (code === 0) return;
      // 2: the worker of a driver that was killed still works there. null: it was killed.
      if (code !== null && code !== 2) throw new Error(`shard ${index} ended with ${code}`);
      await wait(200);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => shard(index)));
  const parts = Array.from({ length: WORKERS }, (_, index) => `part-${index}.jsonl`);
  return spawnSync(process.execPath, [MAIN, "merge", ...parts, "--out", "merged.jsonl"], { cwd: folder })
    .status;
}

function gradeArgs(store) {
  return [
    "grade",
    "pool.jsonl",
    "--problems",
    "problems.jsonl",
    "--jobs",
    "1",
    "--steady",
    "--quiet",
    "--verdicts",
    store,
  ];
}

/** Processes of this run: those that carry its mark, and their descendants. */
function processesOf(mark) {
  const all = new Map();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      const marked = readFileSync(`/proc/${name}/environ`, "latin1").includes(`${MARK}=${mark}`);
      all.set(Number(name), { pid: Number(name), parent, command, marked });
    } catch {
      // It has ended, or is another user's: a sandbox's, whose parent is known all the same where stat is readable.
    }
  }
  const workers = [...all.values()].filter(({ marked, command }) => marked && command[2] === "grade");
  const drivers = [...all.values()].filter(({ marked, command }) => marked && command.includes("--driver"));
  const inside = new Set(workers.map(({ pid }) => pid));
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of all.values()) {
      if (!inside.has(pid) && inside.has(parent)) {
        inside.add(pid);
        grown = true;
      }
    }
  }
  const sandboxes = [...inside].filter((pid) => !workers.some((worker) => worker.pid === pid));
  return { workers: workers.map(({ pid }) => pid), drivers: drivers.map(({ pid }) => pid), sandboxes };
}

const { seededRandom } = await open("seededRandom");
const RUNS = Number(flag("--runs", "20"));
const KILLS = Number(flag("--kills", "6"));
const base = flag("--work", mkdtempSync(join(tmpdir(), "funprm-kills-")));
mkdirSync(base, { recursive: true });
const programs = makePool(base);
const single = join(base, "single.jsonl");
if (!existsSync(single)) {
  const done = spawnSync(process.execPath, [MAIN, ...gradeArgs("store-single"), "--out", "single.jsonl"], {
    cwd: base,
  });
  if (done.status !== 0)
    throw new Error(`the undisturbed run ended with ${done.status}: ${String(done.stderr)}`);
}
const expected = readFileSync(single, "utf8");

const rows = [];
for (let run = 0; run < RUNS; run += 1) {
  const seed = Number(flag("--seed", "1")) + run;
  const { next: random } = seededRandom(seed);
  const folder = join(base, `run-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of ["pool.jsonl", "problems.jsonl"])
    writeFileSync(join(folder, name), readFileSync(join(base, name)));
  const mark = `${process.pid}-${seed}`;
  const begunFile = join(folder, "begun.txt");
  const startDriver = () => {
    const child = spawn(process.execPath, [self, "--driver", folder], {
      env: {
        ...process.env,
        [MARK]: mark,
        FUNPRM_DIST: DIST,
        FUNPRM_BEGUN: begunFile,
        NODE_OPTIONS: `--import ${COUNTING}`,
      },
      stdio: "ignore",
    });
    return { child, ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))) };
  };
  let driver = startDriver();
  const killed = { workers: 0, sandboxes: 0, drivers: 0 };
  const state = { code: undefined };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const over = await Promise.race([wait(300 + random() * 4_000), driver.ended]);
    if (typeof over === "number") break;
    const kind = kill === KILLS - 2 ? "drivers" : random() < 0.5 ? "workers" : "sandboxes";
    const found = processesOf(mark)[kind].toSorted((a, b) => a - b);
    const victim = found[Math.floor(random() * found.length)];
    if (victim === undefined) continue;
    try {
      process.kill(victim, "SIGKILL");
      killed[kind] += 1;
    } catch {
      // It ended in this moment.
    }
    if (kind === "drivers") {
      await driver.ended;
      driver = startDriver();
    }
  }
  state.code = await driver.ended;
  const same = state.code === 0 && readFileSync(join(folder, "merged.jsonl"), "utf8") === expected;
  const said = spawnSync(process.execPath, [MAIN, "store", join(folder, "store"), "--compact"], {
    encoding: "utf8",
  });
  const store = JSON.parse(said.stdout);
  const repeated = readFileSync(begunFile, "utf8").split("\n").length - 1 - programs;
  const row = [
    seed,
    killed.workers,
    killed.sandboxes,
    killed.drivers,
    same,
    store.entries === programs,
    store.conflicts.length,
    repeated,
    repeated <= IN_FLIGHT * killed.workers,
  ];
  console.log(JSON.stringify(row));
  rows.push(row);
  if (same) rmSync(folder, { recursive: true });
}
const all = rows.every(
  ([, , , , same, once, conflicts, , bounded]) => same && once && conflicts === 0 && bounded,
);
const sum = (at) => rows.reduce((total, row) => total + row[at], 0);
writeResult("scale-kills", "node benchmarks/scale/kills.mjs", [
  "# Shards under kill -9",
  "",
  `${WORKERS} workers on one machine grade ${expected.split("\n").length - 1} candidates (${programs} different programs) ` +
    `into one store, ${rows.length} times: ${sum(1)} workers, ${sum(2)} processes of sandboxes and ${sum(3)} drivers were killed ` +
    `at seeded moments. Merged lines are those of an undisturbed run, every key is in the store once, nothing contradicts, and at most ${IN_FLIGHT} programs ` +
    `a killed worker were begun again: ${all}. Begun again in all: ${sum(7)} of ${programs * rows.length}.`,
  "",
  ...table(
    [
      "seed",
      "workers killed",
      "sandbox processes killed",
      "drivers killed",
      "same bytes",
      "every key once",
      "conflicts",
      "begun again",
      "at most those in flight",
    ],
    rows,
  ),
]);
process.exitCode = all ? 0 : 1;
