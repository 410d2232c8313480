// Grades every suite's own reference solutions: all must pass. One that does not is run again as its authors would, by
// `python -m unittest` without a sandbox (and, like the sandbox, without network where this machine has none).
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { candidate, dataFile, flag, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { readProblems, gradeCandidates, openSandbox } = await open(
  "readProblems",
  "gradeCandidates",
  "openSandbox",
);

const SUITES = {
  "HumanEval+": "tests/HumanEvalPlus.jsonl.gz",
  "MBPP+": "tests/MbppPlus.jsonl.gz",
  ClassEval: "tests/classeval-70.jsonl.gz",
  BigCodeBench: "tests/BigCodeBench.jsonl.gz",
};

const python = flag("--python", "python3");
const only = flag("--suite");
// Loading these takes a second or more; a fork of a process that has them takes 10 ms.
const preload =
  "numpy pandas matplotlib.pyplot seaborn scipy.stats scipy.optimize sklearn.linear_model sklearn.cluster requests"
    .split(" ")
    .concat(
      "sklearn.preprocessing sklearn.decomposition sklearn.ensemble sklearn.feature_extraction.text bs4".split(
        " ",
      ),
    );
let sandbox;
const rows = [];
const notes = [];
for (const [suite, file] of Object.entries(SUITES)) {
  if (only !== undefined && only !== suite) continue;
  await sandbox?.close();
  sandbox = await openSandbox({ python, preload: suite === "BigCodeBench" ? preload : [] });
  const problems = new Map();
  for await (const problem of readProblems(dataFile(file))) problems.set(problem.id, problem);
  const candidates = [...problems.values()].map(({ id, reference }) => candidate(id, 0, reference ?? ""));
  const tick = progress(suite);
  const started = performance.now();
  const counts = { pass: 0, missing: 0, other: 0, plain: 0 };
  const missing = new Map();
  const options = { timeoutMs: 30_000, memoryBytes: 4 * 2 ** 30, onGraded: tick, stopAtFirstFailure: true };
  for await (const graded of gradeCandidates(candidates, async (id) => problems.get(id), sandbox, options)) {
    const { verdict, failedTest } = graded;
    const library = /No module named '([^'.]+)/.exec(failedTest?.message ?? "")?.[1];
    if (verdict === "pass") counts.pass += 1;
    else if (library !== undefined) {
      counts.missing += 1;
      missing.set(library, (missing.get(library) ?? 0) + 1);
    } else {
      counts.other += 1;
      const name = failedTest?.name === undefined ? "" : ` in \`${failedTest.name}\``;
      const plain = await passesPlainly(problems.get(graded.candidate.problemId));
      if (plain === false) counts.plain += 1;
      const apart =
        plain === undefined ? "" : plain ? " (passes without a sandbox)" : " (fails without a sandbox too)";
      notes.push(
        `- ${graded.candidate.problemId}: ${verdict}${name}: ${/^\w+(?:Error|Exception)|^the program.*|^stopped.*/.exec(failedTest?.message ?? "")?.[0] ?? "another value"}${apart}`,
      );
    }
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  rows.push([suite, problems.size, counts.pass, counts.missing, counts.other, counts.plain, seconds]);
  for (const [library, count] of missing)
    notes.push(`- ${suite}: ${count} tasks need \`${library}\`, which is not installed`);
}
await sandbox.close();

/** Whether a unittest task's reference passes in plain Python; undefined for other kinds of tests. */
async function passesPlainly({ hiddenTests, preamble = "", reference }) {
  const tests = hiddenTests.form === "list" ? hiddenTests.tests : [];
  if (tests[0]?.type !== "unittest") return undefined;
  const folder = mkdtempSync(join(tmpdir(), "funprm-plain-"));
  writeFileSync(join(folder, "task.py"), `${preamble}\n${reference}\n${tests[0].source}\n`);
  try {
    await promisify(execFile)(python, ["-m", "unittest", "task"], { cwd: folder, timeout: 100_000 });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

writeResult(
  only === undefined ? "grading-references" : `grading-references-${only}`,
  "node benchmarks/grading/references.mjs",
  [
    "# Reference solutions through the grader",
    "",
    `${sandbox.identity}.`,
    "",
    ...table(
      [
        "suite",
        "tasks",
        "pass",
        "library missing",
        "other",
        "of these fail without a sandbox too",
        "seconds",
      ],
      rows,
    ),
    "",
    ...notes,
  ],
);
