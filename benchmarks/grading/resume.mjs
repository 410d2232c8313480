// kill -9 at random moments, then resume: nothing that was written is lost or repeated, and no kill turns into a verdict.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { candidate, flag, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { GradedFile, gradeCandidates, openSandbox } = await open(
  "GradedFile",
  "gradeCandidates",
  "openSandbox",
);

const COUNT = 1_500;
const KILLS = Number(flag("--kills", "20"));
const problem = {
  id: "double",
  statement: "",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  meta: {},
  hiddenTests: {
    form: "list",
    tests: ["1", "2", "21"].map((n) => ({ type: "stdio", input: n, output: String(2 * n) })),
  },
};
// Every third is right, every third wrong on the last test, every third raises; no two are equal.
const programs = (at) => [
  `print(int(input()) * 2) # ${at}`,
  `n = int(input())\nprint(n * 2 % ${40 - (at % 2)})`,
  `raise KeyError(${at})`,
];
const candidates = Array.from({ length: COUNT }, (_, at) => candidate("double", at, programs(at)[at % 3]));
const expected = (at) => ["pass", "wrong_answer", "runtime_error"][at % 3];

if (process.argv.includes("--child")) {
  const file = await GradedFile.open(flag("--child"), { resume: true });
  const sandbox = await openSandbox();
  const left = file.remaining(candidates);
  for await (const graded of gradeCandidates(left, async () => problem, sandbox)) await file.append(graded);
  await file.close();
  await sandbox.close();
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "funprm-resume-"));
const out = join(folder, "graded.jsonl");
const self = fileURLToPath(import.meta.url);
const wholeLines = () => {
  try {
    return readFileSync(out, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
};
let kills = 0;
let kept = true;
let before = [];
const rows = [];
for (;;) {
  const child = spawn(process.execPath, [self, "--child", out], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  const delay = 500 + Math.random() * 2_500;
  const timer = kills < KILLS ? setTimeout(() => child.kill("SIGKILL"), delay) : undefined;
  const code = await ended;
  clearTimeout(timer);
  const now = wholeLines();
  kept &&= before.every((line, at) => now[at] === line);
  rows.push([
    rows.length + 1,
    code === null ? `killed after ${Math.round(delay)} ms` : "finished",
    now.length,
  ]);
  before = now;
  if (code === 0) break;
  if (code !== null) throw new Error(`the child ended with ${code}`);
  kills += 1;
}
const records = before.map((line) => JSON.parse(line));
const once = new Set(records.map(({ sample_index: at }) => at)).size === COUNT && records.length === COUNT;
const ordered = records.every(({ sample_index: at }, index) => at === index);
const right = records.filter(({ sample_index: at, verdict }) => verdict === expected(at)).length;
rmSync(folder, { recursive: true });
writeResult("grading-resume", "node benchmarks/grading/resume.mjs", [
  "# kill -9 and resume",
  "",
  `${COUNT} candidates, ${kills} kills at random moments. Written lines all kept: ${kept}. Every candidate once: ${once}. ` +
    `In order: ${ordered}. Verdicts as without a kill: ${right} of ${COUNT}.`,
  "",
  ...table(["start", "end", "whole lines written"], rows),
]);
