// A bench of livecodebench-v5 in 8 shards, merged, against one run: a part of the problems with recorded verdicts, and a
// smaller one with grading by the LeetCode tests and all evidence from execution. The one run takes evidence from the shards' store, since
// times of large inputs are measured and choices look at them.
// node benchmarks/scale/bench-shards.mjs [--scored 80] [--executed 24] [--work FOLDER]
import { spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { MAIN } from "../door.mjs";
import { dataFile, flag, table, writeResult } from "../grading/setup.mjs";

const SHARDS = 8;
const base = flag("--work", mkdtempSync(join(tmpdir(), "funprm-bench-shards-")));
mkdirSync(base, { recursive: true });

async function rows(name) {
  const lines = createInterface({ input: createReadStream(dataFile(name)).pipe(createGunzip()) });
  const found = [];
  for await (const line of lines) if (line !== "") found.push(JSON.parse(line));
  return found;
}

/** Every tenth problem or so, of all or of those that have tests, with their candidates: two files. */
async function writeSubset(name, most, tested) {
  const slug = (text = "") => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const title = (problem) => problem.title ?? problem.question_title;
  const all = (await rows("problems/livecodebench-v5.jsonl.gz")).filter(
    (problem) => tested === undefined || tested.has(slug(title(problem))),
  );
  const problems = all.filter((_, at) => at % Math.floor(all.length / most) === 0).slice(0, most);
  const ids = new Set(problems.map((problem) => problem.id ?? problem.question_id));
  const pool = (await rows("pools/livecodebench-v5.jsonl.gz")).filter(({ problem_id: id }) => ids.has(id));
  const text = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
  writeFileSync(join(base, `${name}-problems.jsonl`), text(problems));
  writeFileSync(join(base, `${name}-pool.jsonl`), text(pool));
  return { problems: problems.length, candidates: pool.length };
}

function funprm(...args) {
  const started = performance.now();
  const done = spawnSync(process.execPath, [MAIN, ...args, "--quiet"], { cwd: base, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${done.status}: ${done.stderr}`);
  return (performance.now() - started) / 1000;
}

function filesOf(folder) {
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(base, folder), join(entry.parentPath, entry.name)));
}

/** Files that differ; rows of stages come in the order in which they were done, and the log is each run's own. */
function differing(a, b) {
  const names = [...new Set([...filesOf(a), ...filesOf(b)])];
  const stages = /^(scores|verdicts|evidence)\.jsonl$/;
  const content = (folder, name) => {
    const text = readFileSync(join(base, folder, name), "utf8");
    return stages.test(name) ? text.split("\n").toSorted().join("\n") : text;
  };
  const compared = names.filter((name) => name !== "log.jsonl");
  return { compared, different: compared.filter((name) => content(a, name) !== content(b, name)) };
}

const tested = new Set((await rows("tests/leetcode-for-livecodebench.jsonl.gz")).map((row) => row.slug));
const scored = await writeSubset("scored", Number(flag("--scored", "80")));
const executed = await writeSubset("executed", Number(flag("--executed", "24")), tested);
const input = (name) => ["--pool", `${name}-pool.jsonl`, "--problems", `${name}-problems.jsonl`];
const tests = ["--tests", dataFile("tests/leetcode-for-livecodebench.jsonl.gz")];
const said = ({ problems, candidates }) => `${problems} problems, ${candidates} candidates`;
const RUNS = [
  {
    name: "scored",
    what: `${said(scored)}, recorded verdicts, no execution`,
    args: [...input("scored"), "--skip-execution"],
  },
  {
    name: "executed",
    what: `${said(executed)}, graded anew, with execution`,
    args: [...input("executed"), ...tests, "--regrade", "--jobs", "1", "--verdicts", "store"],
  },
];
const found = [];
for (const { name, what, args } of RUNS) {
  const command = ["bench", ...args];
  let seconds = 0;
  const parts = [];
  for (let shard = 0; shard < SHARDS; shard += 1) {
    parts.push(`${name}-part-${shard}`);
    seconds += funprm(...command, "--shard", `${shard}/${SHARDS}`, "--out", parts[shard]);
  }
  const merging = funprm("merge", ...parts, "--out", `${name}-merged`);
  const alone = funprm(...command, "--out", `${name}-whole`);
  const { compared, different } = differing(`${name}-merged`, `${name}-whole`);
  found.push([
    what,
    compared.length,
    different.length === 0 ? "none" : different.join(" "),
    seconds.toFixed(0),
    merging.toFixed(1),
    alone.toFixed(0),
  ]);
  console.log(JSON.stringify(found.at(-1)));
}
writeResult("scale-bench", "node benchmarks/scale/bench-shards.mjs", [
  `# A bench of livecodebench-v5 in ${SHARDS} shards, merged`,
  "",
  "The files of the merged folder against those of one run, all but the log; in the files of the stages the rows in any " +
    "order. The one run of the second line takes evidence and verdicts from the shards' store.",
  "",
  ...table(
    ["bench", "files", "that differ", "8 shards, s in all", "merge, s", "one run afterwards, s"],
    found,
  ),
]);
process.exitCode = found.every(([, , different]) => different === "none") ? 0 : 1;
