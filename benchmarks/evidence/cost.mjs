// CPU time that evidence costs a candidate, of this build and another on the same candidates, in one run.
// Run: npm run build && node benchmarks/evidence/cost.mjs --base OLD/dist --evidence statement/execution-evidence.js
//   --base DIR       the other build;  --evidence PATH: its module of smallEvidence and scaleEvidence
//   --problems 60    so many train problems of livecodebench-v5, at random
// CPU time is the programs' own, interpreters included, as the sandbox reports it. Nothing is measured by the clock.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { DIST, open } from "../door.mjs";

const { values } = parseArgs({
  options: {
    base: { type: "string" },
    evidence: { type: "string", default: "statement/run/execution-evidence.js" },
    problems: { type: "string", default: "60" },
    dist: { type: "string" },
  },
});
const { readProblems, openSandbox, seededRandom } = await open("readProblems", "openSandbox", "seededRandom");
const builds = [
  ["this build", `${DIST}/statement/run/execution-evidence.js`],
  ...(values.base === undefined ? [] : [["the other", resolve(values.base, values.evidence)]]),
];

const DATA = new URL("../../../shared/data/", import.meta.url);
const rows = gunzipSync(readFileSync(new URL("pools/livecodebench-v5.jsonl.gz", DATA)))
  .toString()
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const random = seededRandom(7);
const problems = [];
for await (const problem of readProblems(new URL("problems/livecodebench-v5.jsonl.gz", DATA).pathname))
  if (problem.meta.split === "train") problems.push({ problem, key: random.next() });
const chosen = problems
  .toSorted((a, b) => a.key - b.key)
  .slice(0, Number(values.problems))
  .map(({ problem }) => problem);

const sandbox = await openSandbox({ jobs: 2 });
const meter = { cpuMs: 0 };
const metered = {
  jobs: sandbox.jobs,
  identity: sandbox.identity,
  run: async (job, options) => {
    const result = await sandbox.run(job, options);
    meter.cpuMs += result.cpuMs;
    return result;
  },
};
const costs = new Map(builds.map(([name]) => [name, []]));
for (const problem of chosen) {
  const programs = [
    ...new Set(
      rows.filter(({ problem_id: id, code }) => id === problem.id && /\S/.test(code)).map(({ code }) => code),
    ),
  ];
  if (programs.length < 2) continue;
  for (const [name, path] of builds) {
    const { smallEvidence, scaleEvidence } = await import(path);
    meter.cpuMs = 0;
    const small = await smallEvidence(problem, programs, { sandbox: metered });
    await scaleEvidence(problem, programs, small, { sandbox: metered });
    costs.get(name).push(meter.cpuMs / programs.length);
  }
}
await sandbox.close();
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
for (const [name, each] of costs) {
  const sorted = each.toSorted((a, b) => a - b);
  const sum = each.reduce((total, value) => total + value, 0);
  console.log(
    `${name}: ${each.length} problems, CPU ms a candidate: median ${Math.round(quantile(sorted, 0.5))}, ` +
      `p95 ${Math.round(quantile(sorted, 0.95))}, mean ${Math.round(sum / each.length)}`,
  );
}
