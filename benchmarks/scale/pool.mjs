// A small pool with every kind of verdict: a few programs on stdin, and HumanEval+ where the shared data is there.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const DATA = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const SHARED = process.env["FUNPRM_DATA"] ?? DATA;
const TASKS = 8;
const SAMPLES = 5;
const FACTORS = 48;

/** Writes `problems.jsonl` and `pool.jsonl`; gives how many different programs there are. */
export function makePool(folder, factors = FACTORS) {
  const problems = [];
  const candidates = [];
  for (let k = 2; k < 2 + factors; k += 1) {
    const tests = [1, 2, 21].map((n) => ({ input: String(n), output: String(n * k) }));
    problems.push({ id: `times-${k}`, statement: `Print n times ${k}.`, tests });
    const programs = [
      `print(int(input()) * ${k})`,
      `print(${k})`,
      "raise KeyError(1)",
      `n = int(input())\nprint(sum(n for _ in range(${k})))`,
      "",
    ];
    programs.forEach((code, i) => candidates.push({ problem_id: `times-${k}`, sample_index: i, code }));
  }
  const tests = join(SHARED, "tests", "HumanEvalPlus.jsonl.gz");
  const pool = join(SHARED, "pools", "humaneval-codegen16b-x100.jsonl.gz");
  if (existsSync(tests) && existsSync(pool)) {
    const tasks = records(tests).slice(0, TASKS);
    problems.push(...tasks);
    const prompts = records(pool).slice(0, TASKS);
    for (const [at, { samples }] of prompts.entries()) {
      const { task_id: id, prompt } = tasks[at];
      samples
        .slice(0, SAMPLES)
        .forEach((completion, i) =>
          candidates.push({ problem_id: id, sample_index: i, code: `${prompt}${completion}` }),
        );
    }
  }
  write(join(folder, "problems.jsonl"), problems);
  write(join(folder, "pool.jsonl"), candidates);
  const different = new Set(
    candidates.filter(({ code }) => code !== "").map(({ problem_id: id, code }) => `${id} ${code}`),
  );
  return different.size;
}

function records(path) {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function write(path, rows) {
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}
