// The ClassEval programs with their steps and the true label of every method, for the correction experiment: one line a
// different program. Labels come from `node benchmarks/grading/classeval.mjs --labels LABELS`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dataFile, flag } from "../grading/setup.mjs";
import { open } from "../door.mjs";

const { candidateOptions, readCandidates, readProblems, loadPythonParser, splitSteps } = await open(
  "candidateOptions",
  "readCandidates",
  "readProblems",
  "loadPythonParser",
  "splitSteps",
);

const out = flag("--out", "training/runs/correction");
const labels = new Map();
for (const line of readFileSync(flag("--labels"), "utf8").trim().split("\n")) {
  const row = JSON.parse(line);
  labels.set(JSON.stringify([row.problem_id, row.model, row.sample_index]), row);
}
await loadPythonParser();
const problems = new Map();
for await (const problem of readProblems(dataFile("tests/classeval-70.jsonl.gz")))
  problems.set(`classeval/${problem.id}`, problem);
const seen = new Set();
const lines = [];
const pool = dataFile("pools/classeval-70-raw.jsonl.gz");
for await (const { problemId, model, sampleIndex, code } of readCandidates(
  [pool],
  candidateOptions(problems),
)) {
  const key = `${problemId}\n${code}`;
  const label = labels.get(JSON.stringify([problemId, model, sampleIndex]));
  if (code.trim() === "" || seen.has(key) || label === undefined) continue;
  seen.add(key);
  const problem = problems.get(problemId);
  const tested = new Set(
    problem.hiddenTests.tests.flatMap(({ method }) => (method === undefined ? [] : [method])),
  );
  const verdictOf = new Map(label.parts.map(({ name, verdict }) => [name, verdict]));
  const steps = splitSteps(code, "function").map(({ name, start, end, complete }) => {
    const method = name?.split(".").at(-1);
    const verdict = tested.has(method) ? verdictOf.get(method) : undefined;
    const right = verdict === undefined || verdict === "infra_error" ? null : verdict === "pass";
    return { name, text: code.slice(start, end), complete, right };
  });
  lines.push(
    JSON.stringify({
      class: Number(problemId.split("_")[1]),
      sampler: model,
      sample_index: sampleIndex,
      statement: problem.statement,
      passed: label.verdict === "infra_error" ? null : label.verdict === "pass",
      methods: [...tested].map((name) => verdictOf.get(name) === "pass"),
      steps,
    }),
  );
}
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/programs.jsonl`, lines.map((line) => `${line}\n`).join(""));
console.log(`${lines.length} programs`);
