// Fifteen random SIGKILLs among the Python processes of one grading of HumanEval+: no verdict may change against the
// undisturbed run. node benchmarks/hardening/random-kills.mjs [samples a problem]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { MAIN, root, signal, start, until } from "./processes.mjs";
import { wholeLines } from "./works.mjs";

const KILLS = 15;
const samples = Number(process.argv[2] ?? 4);
const data = join(root, "..", "shared", "data");
const shared = process.env["FUNPRM_SHARED"] ?? data;
const folder = mkdtempSync(join(tmpdir(), "funprm-random-kills-"));
const pool = join(folder, "pool.jsonl");
writeFileSync(
  pool,
  gunzipSync(readFileSync(join(shared, "pools", "humaneval-codegen16b-x100.jsonl.gz")))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map((record) => `${JSON.stringify({ ...record, samples: record.samples.slice(0, samples) })}\n`)
    .join(""),
);

const run = (name) => {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  const out = join(folder, `${name}.jsonl`);
  const tests = join(shared, "tests", "HumanEvalPlus.jsonl.gz");
  const argv = [process.execPath, MAIN, "grade", pool, "--problems", tests, "--jobs", "2", "--out", out];
  return { out, started: start(argv, { folder, name, cwd, limitS: 7200 }) };
};
const verdicts = (out) =>
  wholeLines(out).map((line) => {
    const { problem_id: id, sample_index: at, passed, verdict } = JSON.parse(line);
    return `${id} ${at} ${passed} ${verdict}`;
  });

const first = run("undisturbed");
const plain = await first.started.ended;
const expected = verdicts(first.out);
const second = run("killed");
const killed = { server: 0, program: 0 };
for (let kill = 0; kill < KILLS; kill += 1) {
  const from = Math.floor((expected.length * (kill + Math.random())) / (KILLS + 1));
  const found = await until(second.started, () => {
    if (wholeLines(second.out).length < from) return undefined;
    const python = second.started.tree().filter(({ role }) => role === "server" || role === "program");
    return python[Math.floor(Math.random() * python.length)];
  });
  if (found !== undefined && signal(found.pid, "SIGKILL")) killed[found.role] += 1;
}
const disturbed = await second.started.ended;
const got = verdicts(second.out);
const changed = expected.filter((verdict, at) => got[at] !== verdict);
const passed = expected.filter((verdict) => verdict.includes(" true ")).length;
const text = fitted(`# Random kills while HumanEval+ is graded

\`node benchmarks/hardening/random-kills.mjs ${samples}\` after \`npm run build\` (needs the shared data); ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, load ${loadavg()[2].toFixed(1)}.

| | |
|---|---|
| candidates (CodeGen-16B, the first ${samples} of each problem), passing | ${expected.length}, ${passed} |
| exit codes, undisturbed and killed | ${plain.code}, ${disturbed.code} |
| SIGKILLs of fork servers, of programs | ${killed.server}, ${killed.program} |
| rows, in the same order | ${got.length} of ${expected.length} |
| verdicts changed | ${changed.length} |
| processes left behind | ${plain.strays.length + disturbed.strays.length} |
| seconds, undisturbed and killed | ${plain.wallS}, ${disturbed.wallS} |
`);
writeFileSync(join(root, "benchmarks", "results", "random-kills.md"), text);
process.stdout.write(`${text}${changed.map((verdict) => `changed: ${verdict}\n`).join("")}`);
rmSync(folder, { recursive: true });
process.exitCode =
  changed.length === 0 && got.length === expected.length && disturbed.code === plain.code ? 0 : 1;
