// Tests a second of two builds, in turns of one process, so that whatever else the machine does meets both.
// Run: node benchmarks/grading/paired.mjs --base DIST [--turns 10] [--seconds 1]
//   --base DIST  the dist folder of the earlier build; the later one is dist/ or what FUNPRM_DIST names
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST } from "../door.mjs";
import { FORMS, runInLanes } from "./forms.mjs";
import { flag, table, writeResult } from "./setup.mjs";

const base = flag("--base");
if (base === undefined) throw new Error("expected --base DIST, the earlier build");
const turns = Number(flag("--turns", "10"));
const seconds = Number(flag("--seconds", "1"));
const jobs = availableParallelism();
const builds = [await buildOf(resolve(base)), await buildOf(DIST)];

const rows = [];
for (const [name, form] of Object.entries(FORMS)) {
  const sandboxes = await Promise.all(builds.map(({ openSandbox }) => openSandbox({ jobs })));
  const job = (at) => ({ ...form, limits: builds[at].DEFAULT_LIMITS });
  for (const at of [0, 1]) await runInLanes(sandboxes[at], job(at), jobs + 1, 0.5);
  const ratios = [];
  const rates = [[], []];
  const cpu = [[], []];
  for (let turn = 0; turn < turns; turn += 1) {
    // Who goes first takes turns too.
    for (const at of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const { done, cpuMs, seconds: took } = await runInLanes(sandboxes[at], job(at), jobs + 1, seconds);
      rates[at].push(done / took);
      cpu[at].push(cpuMs / done);
    }
    ratios.push(rates[1].at(-1) / rates[0].at(-1));
  }
  await Promise.all(sandboxes.map((each) => each.close()));
  const spread = `${quantile(ratios, 0).toFixed(2)} to ${quantile(ratios, 1).toFixed(2)}`;
  const middle = (values, digits) => quantile(values, 0.5).toFixed(digits);
  rows.push([
    name,
    middle(rates[0], 0),
    middle(rates[1], 0),
    `${middle(ratios, 2)} (${spread})`,
    middle(cpu[0], 2),
    middle(cpu[1], 2),
  ]);
}
writeResult("grading-paired", "node benchmarks/grading/paired.mjs --base DIST", [
  "# Tests a second before and after",
  "",
  `${jobs} workers, isolation on, ${turns} turns of ${seconds} s a form and build; medians, and the spread of the ratio.`,
  "",
  ...table(["form", "before", "after", "ratio", "CPU ms a test before", "CPU ms a test after"], rows),
]);

async function buildOf(dist) {
  const load = (path) => import(pathToFileURL(`${dist}/${path}`).href);
  const [{ openSandbox }, { DEFAULT_LIMITS }] = [
    await load("sandbox/open-sandbox.js"),
    await load("sandbox/sandbox.js"),
  ];
  return { openSandbox, DEFAULT_LIMITS };
}

function quantile(values, at) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = Math.floor(place);
  return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (place - low);
}
