// What the faults happen to: grade, rank, bench, sample and collect on the pool of pool.mjs. Each work says how it is
// started and resumed, where its finished rows are, and what is wrong with its result.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAIN, root } from "./processes.mjs";
import { candidates, jsonLines, PROBLEMS, verdictOf } from "./pool.mjs";

const PRM = join(root, "test", "fixtures", "prm-encoder-tiny");
const FEW = candidates(9);
const MANY = candidates(100);

/** Writes what all works read. */
export function writeInputs(folder) {
  mkdirSync(folder, { recursive: true });
  const file = (name, rows) => {
    writeFileSync(join(folder, name), jsonLines(rows));
    return join(folder, name);
  };
  return {
    problems: file("problems.jsonl", PROBLEMS),
    few: file("few.jsonl", FEW),
    many: file("many.jsonl", MANY),
  };
}

/** Whole lines of a file, the cut last one left out; a pipe holds none. */
export function wholeLines(path) {
  return existsSync(path) && statSync(path).isFile()
    ? readFileSync(path, "utf8").split("\n").slice(0, -1)
    : [];
}

const key = ({ problem_id: id, sample_index: at }) => `${id} ${at}`;

/** What is wrong with rows that should hold each candidate once. */
function wrongRows(lines, expected, isRight) {
  const wrong = [];
  const rows = lines.map((line) => JSON.parse(line));
  const seen = new Set(rows.map(key));
  if (rows.length !== expected.length || seen.size !== rows.length)
    wrong.push(`${rows.length} rows, ${seen.size} different, ${expected.length} expected`);
  for (const row of rows) if (!isRight(row)) wrong.push(`wrong: ${key(row)} ${row.verdict ?? ""}`);
  return wrong;
}

export const WORKS = {
  grade: {
    args: ({ problems, few }, out) => [
      "grade",
      few,
      "--problems",
      problems,
      "--jobs",
      "2",
      "--timeout",
      "1",
      "--out",
      join(out, "graded.jsonl"),
    ],
    resume: ["--resume"],
    rows: (out) => wholeLines(join(out, "graded.jsonl")),
    verdicts: (out) => wholeLines(join(out, "graded.jsonl")).map((line) => JSON.parse(line)),
    wrong: (out) =>
      wrongRows(wholeLines(join(out, "graded.jsonl")), FEW, (row) => row.verdict === verdictOf(row)),
  },
  rank: {
    args: ({ problems, many }, out) => [
      "rank",
      many,
      "--problems",
      problems,
      "--prm",
      PRM,
      "--out",
      join(out, "ranking.jsonl"),
    ],
    resume: [],
    rows: () => [],
    wrong: (out, baseline) => same(out, baseline, ["ranking.jsonl"]),
  },
  bench: {
    args: ({ problems, few }, out) => [
      ..."bench --regrade --by none --jobs 2 --seed 1 --selectors first,random,prm,examples+votes,oracle".split(
        " ",
      ),
      ..."--select examples+votes --test-timeout 1".split(" "),
      "--pool",
      few,
      "--problems",
      problems,
      "--prm",
      PRM,
      "--out",
      join(out, "bench"),
    ],
    resume: [],
    rows: (out) =>
      ["verdicts.jsonl", "scores.jsonl", "evidence.jsonl"].flatMap((name) =>
        wholeLines(join(out, "bench", name)),
      ),
    wrong: (out, baseline) => [
      ...same(
        out,
        baseline,
        ["results.json", "problems.jsonl", "report.html"].map((name) => join("bench", name)),
      ),
      ...wrongProblems(wholeLines(join(out, "bench", "problems.jsonl"))),
    ],
  },
  sample: {
    args: ({ problems }, out, { url }) => [
      "sample",
      problems,
      "--model",
      "m",
      "--base-url",
      url,
      "-n",
      "9",
      "--concurrency",
      "2",
      "--timeout",
      "20",
      "--store",
      join(out, "store"),
      "--out",
      join(out, "samples.jsonl"),
    ],
    resume: [],
    needsServer: true,
    rows: (out) => storedSamples(join(out, "store")),
    wrong: (out) => {
      const codes = new Set(FEW.map(({ problem_id: id, code }) => `${id} ${code.trim()}`));
      const lines = wholeLines(join(out, "samples.jsonl"));
      return wrongRows(lines, FEW, (row) => codes.has(`${row.problem_id} ${row.code.trim()}`));
    },
  },
  collect: {
    args: ({ problems, few }, out) => [
      ..."collect --policy pool -k 2 --limit 6 --jobs 2 --seed 1".split(" "),
      problems,
      "--candidates",
      few,
      "--verdicts",
      join(out, "verdicts"),
      "--out",
      join(out, "rewards.jsonl"),
    ],
    resume: [],
    rows: (out) => storedIn(join(out, "verdicts", "loose")),
    wrong: (out, baseline) => same(out, baseline, ["rewards.jsonl"]),
  },
};

/** Entries of a store of verdicts, a file each. */
function storedIn(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map(({ parentPath, name }) => `${name} ${readFileSync(join(parentPath, name), "utf8")}`);
}

function wrongProblems(lines) {
  const rows = lines.flatMap((line) => {
    const { id, candidates: each } = JSON.parse(line);
    return each.map(({ sampleIndex, verdict }) => ({ problem_id: id, sample_index: sampleIndex, verdict }));
  });
  return wrongRows(
    rows.map((row) => JSON.stringify(row)),
    FEW,
    (row) => row.verdict === verdictOf(row),
  );
}

function same(out, baseline, names) {
  const text = (folder, name) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "missing";
  return names.filter((name) => text(out, name) !== text(baseline, name)).map((name) => `${name} differs`);
}

/** Names and contents of samples that are stored whole. */
function storedSamples(store) {
  if (!existsSync(store)) return [];
  return readdirSync(store, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => `${name} ${readFileSync(join(store, name), "utf8")}`);
}

/** A replay server for `sample` that gives one choice a request, slowly. */
export async function startServer({ problems, few }) {
  const args = [
    MAIN,
    "replay",
    few,
    "--problems",
    problems,
    "--cycle",
    "--latency",
    "150",
    "--fault",
    "ignore-n",
    "--quiet",
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (chunk) => resolve(chunk.toString().trim()));
    child.once("exit", () => reject(new Error("the replay server did not start")));
  });
  return {
    url,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", resolve);
        child.kill("SIGKILL");
      }),
  };
}
