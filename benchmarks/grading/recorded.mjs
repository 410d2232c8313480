// Our verdicts on BigCodeBench beside those that came with the candidates, and why they differ.
// Run: node benchmarks/grading/recorded.mjs --python PYTHON [--tasks 100] [--out graded.jsonl]
//   --python PYTHON  an interpreter that has the libraries of BigCodeBench
//   --tasks 100      a fixed sample of so many tasks with both verdicts
//   --out FILE       rows of `funprm grade`; what it holds already is not graded again
// Counts and kinds of errors only, no code.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { MAIN } from "../door.mjs";
import { groupBy } from "../evidence/statistics.mjs";
import { dataFile, flag, table, writeResult } from "./setup.mjs";

const COMMAND = "node benchmarks/grading/recorded.mjs --python PYTHON";
const graded = flag("--out", "bigcodebench-graded.jsonl");
const linesOf = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const rows = linesOf(gunzipSync(readFileSync(dataFile("pools/bigcodebench.jsonl.gz"))).toString());
const digest = (id) => createHash("sha256").update(id).digest("hex");
const tasks = [...groupBy(rows, ({ problem_id }) => problem_id)]
  .filter(([, group]) => new Set(group.map(({ passed }) => passed)).size > 1)
  .toSorted(([a], [b]) => (digest(a) < digest(b) ? -1 : 1))
  .slice(0, Number(flag("--tasks", "100")));
// A verdict in the file would be somebody else's: it travels under another name.
const candidates = tasks.flatMap(([, group]) =>
  group.map(({ problem_id, code, passed }, i) => ({ problem_id, code, sample_index: i, recorded: passed })),
);
const input = `${graded}.candidates.jsonl`;
writeFileSync(input, candidates.map((row) => `${JSON.stringify(row)}\n`).join(""));
const { status } = spawnSync(
  process.execPath,
  [
    MAIN,
    "grade",
    input,
    "--problems",
    dataFile("tests/BigCodeBench.jsonl.gz"),
    "--python",
    flag("--python", "python3"),
    "--timeout",
    "30",
    "--memory",
    "4096",
    "--out",
    graded,
    "--resume",
  ],
  { stdio: "inherit" },
);
// 5: some could not be judged, because the machine lacks what their tests need.
if (status !== 0 && status !== 5) throw new Error(`funprm grade ended with ${status}`);

const all = linesOf(readFileSync(graded, "utf8"));
const count = (test) => all.filter(test).length;
const judged = all.filter(({ passed }) => typeof passed === "boolean");
const differing = judged.filter(({ passed, recorded }) => passed !== recorded);
const kinds = groupBy(
  differing,
  ({ passed, verdict, failed_test }) =>
    `${passed ? "we pass it" : "we fail it"}: ${kindOf(verdict, failed_test?.message)}`,
);
writeResult("grading-recorded", COMMAND, [
  `${all.length} candidates of ${tasks.length} BigCodeBench tasks with both verdicts.`,
  "",
  ...table(
    ["", "recorded: passes", "recorded: fails"],
    [
      ["we pass it", count((row) => row.passed && row.recorded), count((row) => row.passed && !row.recorded)],
      [
        "we fail it",
        count((row) => row.passed === false && row.recorded),
        count((row) => row.passed === false && !row.recorded),
      ],
    ],
  ),
  "",
  `Not judged, because the tests cannot run here: ${all.length - judged.length}. Equal of the others: ${((100 * (judged.length - differing.length)) / judged.length).toFixed(1)} %. What differs:`,
  "",
  ...[...kinds]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([kind, each]) =>
        `- ${kind}: ${each.length}, in ${new Set(each.map(({ problem_id }) => problem_id)).size} tasks`,
    ),
]);

/** The error's class, or the missing module: enough to tell the machine's faults from the program's. */
function kindOf(verdict, message = "") {
  const library = /No module named '([^'.]+)/.exec(message)?.[1];
  if (library !== undefined) return `\`${library}\` is not installed`;
  return /^\w+(?:Error|Exception|Warning)/.exec(message)?.[0] ?? verdict;
}
