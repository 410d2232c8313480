// Are the programs that pass here and are recorded as failing too slow? Those of results/grading-livecodebench.md on inputs near the
// bounds of their statements, compared with programs of the same problems that pass in both.
import { readFileSync } from "node:fs";
import { dataFile, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { readCandidates, readProblems, openSandbox, exampleTestsOf, largeInputs, runLargeInputs } = await open(
  "readCandidates",
  "readProblems",
  "openSandbox",
  "exampleTestsOf",
  "largeInputs",
  "runLargeInputs",
);

const results = readFileSync(new URL("../results/grading-livecodebench.md", import.meta.url), "utf8");
const differing = new Set();
const passingHere = new Set();
for (const [, id, model, sample, verdict] of results.matchAll(
  /^\| (livecodebench\/\S+) \| (.+?) \| (\d+) \| (\w+) \|$/gm,
)) {
  differing.add(`${id} ${model} ${sample}`);
  if (verdict === "pass") passingHere.add(`${id} ${model} ${sample}`);
}
const wanted = new Set([...passingHere].map((key) => key.split(" ")[0]));
const problems = new Map();
for await (const problem of readProblems(dataFile("problems/livecodebench-v5.jsonl.gz")))
  if (wanted.has(problem.id)) problems.set(problem.id, problem);
const groups = new Map([...wanted].map((id) => [id, { differ: [], agree: [] }]));
for await (const { problemId, model, sampleIndex, code, passed } of readCandidates([
  dataFile("pools/livecodebench-v5.jsonl.gz"),
])) {
  const group = groups.get(problemId);
  const key = `${problemId} ${model} ${sampleIndex}`;
  if (group === undefined) continue;
  if (passingHere.has(key)) group.differ.push(code);
  else if (passed && !differing.has(key)) group.agree.push(code);
}

const sandbox = await openSandbox();
const tick = progress("programs");
const counts = { differ: { all: 0, some: 0, none: 0 }, agree: { all: 0, some: 0, none: 0 } };
let withoutInputs = 0;
for (const [id, group] of groups) {
  const problem = problems.get(id);
  const examples = exampleTestsOf(problem).map(({ test }) => test);
  const inputs = largeInputs(problem, examples);
  if (inputs.length === 0 || group.agree.length === 0) {
    withoutInputs += group.differ.length;
    continue;
  }
  // As many of the one kind as of the other, so that a problem weighs the same in both rows.
  const size = Math.min(group.differ.length, group.agree.length);
  for (const kind of ["differ", "agree"]) {
    const run = async (code) => {
      const { answered } = await runLargeInputs(code, problem, inputs, { sandbox });
      counts[kind][answered === inputs.length ? "all" : answered === 0 ? "none" : "some"] += 1;
      tick();
    };
    await Promise.all(group[kind].slice(0, size).map(run));
  }
}
await sandbox.close();
writeResult("grading-too-slow", "node benchmarks/grading/too-slow.mjs", [
  "# Are programs that pass here and are recorded as failing too slow?",
  "",
  `${passingHere.size} such programs; ${withoutInputs} of problems without large inputs or without a program that passes in both. The ` +
    "inputs are made from the statement's bounds (src/statement/inputs/large-inputs.ts); 6 s of CPU time each. Both rows have the same problems with the same weight.",
  "",
  ...table(
    ["programs", "answer all large inputs", "some", "none"],
    Object.entries({ "pass here, recorded as failing": counts.differ, "pass in both": counts.agree }).map(
      ([name, c]) => [name, c.all, c.some, c.none],
    ),
  ),
]);
