// True labels of every method of the classeval-70 candidates: counts only, no code.
import { writeFileSync } from "node:fs";
import { dataFile, flag, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { readCandidates, candidateOptions, readProblems, gradeCandidates, openSandbox } = await open(
  "readCandidates",
  "candidateOptions",
  "readProblems",
  "gradeCandidates",
  "openSandbox",
);

const problems = new Map();
for await (const problem of readProblems(dataFile("tests/classeval-70.jsonl.gz")))
  problems.set(`classeval/${problem.id}`, problem);
const labelsFile = flag("--labels");

async function* candidates() {
  const file = dataFile("pools/classeval-70-raw.jsonl.gz");
  yield* readCandidates([file], candidateOptions(problems));
}

// The classes that need these would spend their time limit on loading them.
const preload = "numpy pandas nltk gensim docx openpyxl PIL.Image PyPDF2 reportlab sqlite3 logging".split(
  " ",
);
const sandbox = await openSandbox({ python: flag("--python", "python3"), preload });
const byModel = new Map();
const wholes = {};
const methods = {};
let mixed = 0;
let total = 0;
const labels = [];
const options = { timeoutMs: 2_000, onGraded: progress("classeval") };
const lookup = async (id) => problems.get(id);
const started = performance.now();
for await (const { candidate, verdict, parts = [] } of gradeCandidates(
  candidates(),
  lookup,
  sandbox,
  options,
)) {
  total += 1;
  wholes[verdict] = (wholes[verdict] ?? 0) + 1;
  const problem = problems.get(candidate.problemId);
  const names = new Set(
    problem.hiddenTests.tests.map(({ method }) => method).filter((name) => name !== undefined),
  );
  const own = parts.filter(({ name }) => names.has(name));
  for (const { verdict: label } of own) methods[label] = (methods[label] ?? 0) + 1;
  const right = own.filter(({ verdict: label }) => label === "pass").length;
  if (right > 0 && right < own.length) mixed += 1;
  const model = (candidate.model ?? "").replace(/_\d+.*$/, "");
  const sums = byModel.get(model) ?? { candidates: 0, passed: 0, methods: 0, right: 0 };
  byModel.set(model, {
    candidates: sums.candidates + 1,
    passed: sums.passed + (verdict === "pass" ? 1 : 0),
    methods: sums.methods + own.length,
    right: sums.right + right,
  });
  labels.push({
    problem_id: candidate.problemId,
    model: candidate.model,
    sample_index: candidate.sampleIndex,
    verdict,
    parts,
  });
}
const seconds = (performance.now() - started) / 1000;
await sandbox.close();
if (labelsFile !== undefined)
  writeFileSync(labelsFile, labels.map((row) => `${JSON.stringify(row)}\n`).join(""));
const share = (a, b) => (b === 0 ? "" : (a / b).toFixed(3));
const all = Object.values(methods).reduce((sum, count) => sum + count, 0);
writeResult("grading-classeval", "node benchmarks/grading/classeval.mjs --python PYTHON", [
  "# True labels of methods: classeval-70",
  "",
  `${sandbox.identity}. ${total} candidates, ${seconds.toFixed(0)} s. A method is right when its own unittest class passes. ` +
    `${all} methods were labelled; ${mixed} candidates have right and wrong methods.`,
  "",
  ...table(["verdict of the whole candidate", "candidates"], Object.entries(wholes)),
  "",
  ...table(["verdict of the method", "methods"], Object.entries(methods)),
  "",
  ...table(
    ["model", "candidates", "pass", "methods", "right", "share right"],
    [...byModel].map(([model, s]) => [
      model,
      s.candidates,
      share(s.passed, s.candidates),
      s.methods,
      s.right,
      share(s.right, s.methods),
    ]),
  ),
]);
