// Verdicts and speed against the `evalplus` package: the same candidates, the same machine, one after the other.
// --evalplus PYTHON names an interpreter with the package; --per-problem N takes the first N of each problem's 100 candidates.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { candidate, dataFile, flag, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { readProblems, gradeCandidates, openSandbox } = await open(
  "readProblems",
  "gradeCandidates",
  "openSandbox",
);

const perProblem = Number(flag("--per-problem", "100"));
const evalplus = flag("--evalplus");
const workers = 2;
const folder = mkdtempSync(join(tmpdir(), "funprm-evalplus-"));
const unzip = (name) => gunzipSync(readFileSync(dataFile(name))).toString("utf8");

const problems = new Map();
for await (const problem of readProblems(dataFile("tests/HumanEvalPlus.jsonl.gz")))
  problems.set(problem.id, problem);
const candidates = unzip("pools/humaneval-codegen16b-x100.jsonl.gz")
  .trim()
  .split("\n")
  .flatMap((line) => {
    const { prompt, samples } = JSON.parse(line);
    const problem = problemOf(prompt);
    return samples
      .slice(0, perProblem)
      .map((sample, at) => candidate(problem.id, at, problem.starterCode + sample));
  });

/** The pool's prompts are HumanEval's without their examples: the last function's name, and the longest common beginning. */
function problemOf(prompt) {
  const names = [...prompt.matchAll(/^def (\w+)\(/gm)];
  const name = names.at(-1)[1];
  const common = ({ starterCode }) => [...prompt].findIndex((char, at) => char !== starterCode[at]);
  const fits = [...problems.values()].filter(({ entryPoint }) => entryPoint === name);
  return fits.sort((a, b) => common(b) - common(a))[0];
}

const sandbox = await openSandbox({ jobs: workers });
// evalplus runs no timeout again, so neither does this.
const options = {
  cacheFolder: join(folder, "cache"),
  memoryBytes: 4 * 2 ** 30,
  stopAtFirstFailure: true,
  confirmTimeouts: false,
};
const lookup = async (id) => problems.get(id);
const references = [...problems.values()].map(({ id, reference }) => candidate(id, 0, reference));
for await (const { verdict, candidate: its } of gradeCandidates(references, lookup, sandbox, options)) {
  if (verdict !== "pass") console.error(`reference of ${its.problemId}: ${verdict}`);
}
const { graded: ours, seconds: ourSeconds } = await gradeAll(candidates);
// Programs that fail on the first input at once: what a candidate costs besides its own running time.
const trivial = [...problems.values()].flatMap(({ id, starterCode }) =>
  [1, 2, 3].map((at) => candidate(id, at, `${starterCode}    return ${at}, "trivial"\n`)),
);
const { seconds: ourTrivialSeconds } = await gradeAll(trivial);
await sandbox.close();

async function gradeAll(all) {
  const graded = [];
  const onGraded = progress("funprm");
  const started = performance.now();
  for await (const each of gradeCandidates(all, lookup, sandbox, { ...options, onGraded })) graded.push(each);
  return { graded, seconds: (performance.now() - started) / 1000 };
}

const counts = {};
for (const { verdict } of ours) counts[verdict] = (counts[verdict] ?? 0) + 1;
const unique = ours.filter(({ duplicate }) => !duplicate).length;
const lines = [
  "# HumanEval+ with CodeGen-16B candidates, against the evalplus package",
  "",
  `${sandbox.identity}, ${workers} workers. ${candidates.length} candidates (${perProblem} a problem), ${unique} different ones. ` +
    "Time limit of a call: max(4 s, 4 x reference). No timeout runs again, in either grader (`funprm grade` would run it again alone).",
  "",
  ...table(["verdict", "candidates"], Object.entries(counts)),
  "",
];
const rows = [["funprm", ourSeconds.toFixed(1), (candidates.length / ourSeconds).toFixed(1)]];

if (evalplus !== undefined) {
  const theirs = gradeWithEvalplus(candidates);
  rows.push(["evalplus", theirs.seconds.toFixed(1), (candidates.length / theirs.seconds).toFixed(1)]);
  rows.push(["ratio", "", (theirs.seconds / ourSeconds).toFixed(1)]);
  const theirTrivial = gradeWithEvalplus(trivial);
  const each = (seconds) => ((1000 * seconds) / trivial.length).toFixed(1);
  rows.push([
    `funprm, ${trivial.length} trivial programs (${each(ourTrivialSeconds)} ms each)`,
    ourTrivialSeconds.toFixed(2),
    (trivial.length / ourTrivialSeconds).toFixed(1),
  ]);
  rows.push([
    `evalplus, the same (${each(theirTrivial.seconds)} ms each)`,
    theirTrivial.seconds.toFixed(2),
    (trivial.length / theirTrivial.seconds).toFixed(1),
  ]);
  rows.push(["ratio of the overheads", "", (theirTrivial.seconds / ourTrivialSeconds).toFixed(1)]);
  const differences = [];
  for (const [at, graded] of ours.entries()) {
    const their = theirs.verdicts[at];
    const basePassed =
      graded.parts?.some(({ name, verdict }) => name === "base" && verdict === "pass") ?? false;
    const theirPass = their.base === "pass" && their.plus === "pass";
    if (basePassed === (their.base === "pass") && (graded.verdict === "pass") === theirPass) continue;
    const { problemId, sampleIndex } = graded.candidate;
    const why = JSON.stringify({ ...graded.failedTest, input: undefined }).slice(0, 160);
    differences.push(
      `- ${problemId} #${sampleIndex}: funprm ${graded.verdict} ${why}; evalplus base ${their.base}, plus ${their.plus}`,
    );
  }
  const equal = candidates.length - differences.length;
  lines.push(
    `Equal verdicts (base, and base with plus): ${equal} of ${candidates.length}, ${((100 * equal) / candidates.length).toFixed(3)} %.`,
    "",
    ...differences,
    "",
  );
}

function gradeWithEvalplus(all) {
  const dataset = join(folder, "HumanEvalPlus.jsonl");
  const samples = join(folder, "samples.jsonl");
  const out = join(folder, "out.json");
  writeFileSync(dataset, unzip("tests/HumanEvalPlus.jsonl.gz"));
  const lines = all.map(({ problemId, code }) => JSON.stringify({ task_id: problemId, solution: code }));
  writeFileSync(samples, `${lines.join("\n")}\n`);
  const script = fileURLToPath(new URL("evalplus_verdicts.py", import.meta.url));
  const env = { ...process.env, HUMANEVAL_OVERRIDE_PATH: dataset, XDG_CACHE_HOME: join(folder, "evalplus") };
  execFileSync(evalplus, [script, samples, out, String(workers)], {
    stdio: ["ignore", "ignore", "inherit"],
    env,
  });
  return JSON.parse(readFileSync(out, "utf8"));
}

lines.push(...table(["grader", "seconds", "candidates/s"], rows));
writeResult(
  `grading-evalplus${perProblem === 100 ? "" : `-${perProblem}`}`,
  process.argv.slice(1).length > 1
    ? `node benchmarks/grading/evalplus.mjs --per-problem ${perProblem} --evalplus PYTHON`
    : "node benchmarks/grading/evalplus.mjs",
  lines,
);
rmSync(folder, { recursive: true });
