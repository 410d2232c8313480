// How near grading comes to the machine's limit: tests a second by form as a share of the rate at which a warm interpreter
// can be forked and ended in as many lanes. Slices of all take turns, so that a busy machine slows all alike.
// node benchmarks/grading/limit.mjs [--rounds 8] [--seconds 1.5] [--base DIST]
//   --base DIST  the dist folder of an earlier build, measured in the same turns
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { open } from "../door.mjs";
import { FORMS, runInLanes } from "./forms.mjs";
import { flag, table, writeResult } from "./setup.mjs";

const { openSandbox, DEFAULT_LIMITS, PRELOAD } = await open("openSandbox", "DEFAULT_LIMITS", "PRELOAD");
const LANES = 2;
const rounds = Number(flag("--rounds", "8"));
const seconds = Number(flag("--seconds", "1.5"));

/** Two warm interpreters that only fork. */
async function openBare() {
  const script = fileURLToPath(new URL("bare_forks.py", import.meta.url));
  const lanes = Array.from({ length: LANES }, () => {
    const child = spawn("python3", ["-S", script, PRELOAD.join(" ")], { stdio: ["pipe", "pipe", "inherit"] });
    return { child, lines: createInterface({ input: child.stdout }) };
  });
  const run = async () => {
    const answers = lanes.map(({ lines }) => once(lines, "line"));
    for (const { child } of lanes) child.stdin.write(`${seconds}\n`);
    const said = (await Promise.all(answers)).map(([line]) => line.split(" ").map(Number));
    return { done: said[0][0] + said[1][0], cpuMs: said[0][1] + said[1][1] };
  };
  return { run, close: async () => lanes.forEach(({ child }) => child.stdin.end()) };
}

/** CPU ms of this process's descendants, those that they have waited for included. */
function cpuOfChildren() {
  const all = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ");
      all.set(Number(pid), {
        parent: Number(fields[1]),
        ticks: fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0),
      });
    } catch {
      // It has ended.
    }
  }
  const below = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, { parent }] of all)
      if (below.has(parent) && !below.has(pid)) {
        below.add(pid);
        grown = true;
      }
  }
  below.delete(process.pid);
  return [...below].reduce((sum, pid) => sum + all.get(pid).ticks * 10, 0);
}

async function openForm(form, open) {
  const sandbox = await open({ jobs: LANES });
  const job = { ...form, limits: DEFAULT_LIMITS };
  await Promise.all(Array.from({ length: 50 }, () => sandbox.run(job)));
  const run = async () => {
    const [nodeBefore, before] = [process.cpuUsage(), cpuOfChildren()];
    const { done } = await runInLanes(sandbox, job, LANES + 1, seconds);
    const node = process.cpuUsage(nodeBefore);
    const nodeMs = (node.user + node.system) / 1000;
    return { done, cpuMs: cpuOfChildren() - before + nodeMs, nodeMs };
  };
  return { run, close: () => sandbox.close() };
}

const measured = new Map([["bare", await openBare()]]);
const base = flag("--base");
const earlier =
  base === undefined
    ? undefined
    : (await import(pathToFileURL(resolve(base, "sandbox/open-sandbox.js")).href)).openSandbox;
for (const [name, form] of Object.entries(FORMS)) {
  if (earlier !== undefined) measured.set(`${name}, before`, await openForm(form, earlier));
  measured.set(name, await openForm(form, openSandbox));
}
const sums = new Map([...measured.keys()].map((name) => [name, { done: 0, cpuMs: 0, nodeMs: 0 }]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, { run }] of measured) {
    const sum = sums.get(name);
    for (const [field, value] of Object.entries(await run())) sum[field] += value;
  }
}
for (const { close } of measured.values()) await close();
const bare = sums.get("bare");
const rows = [...sums].map(([name, { done, cpuMs, nodeMs }]) => [
  name,
  Math.round(done / (rounds * seconds)),
  (done / bare.done).toFixed(2),
  (cpuMs / done).toFixed(2),
  (bare.cpuMs / bare.done / (cpuMs / done)).toFixed(2),
  (nodeMs / done).toFixed(2),
]);
writeResult("grading-limit", "node benchmarks/grading/limit.mjs", [
  "# Grading and the limit of the machine",
  "",
  `A warm interpreter that is forked and ended in ${LANES} lanes, and tests of trivial programs with ${LANES} workers, ` +
    `isolation on, in turns of ${seconds} s, ${rounds} times. CPU: all processes, Node and the fork servers included.`,
  "",
  ...table(["form", "a second", "share of bare", "CPU ms each", "share by CPU", "of that in Node, ms"], rows),
]);
