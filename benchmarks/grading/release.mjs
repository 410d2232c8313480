// Memory of the parent over a file of a release's size: 1,055 problems, 40 private tests each, inputs of a megabyte.
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { candidate, flag, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { ProblemIndex, gradeCandidates, openSandbox } = await open(
  "ProblemIndex",
  "gradeCandidates",
  "openSandbox",
);

const PROBLEMS = Number(flag("--problems", "1055"));
const TESTS = 40;
const INPUT_BYTES = 1_000_000;

/** LiveCodeBench's packing: base64 of zlib of a pickled string. */
function packed(json) {
  const text = Buffer.from(json, "utf8");
  const head = Buffer.alloc(7);
  head.set([0x80, 0x02, 0x58]);
  head.writeUInt32LE(text.length, 3);
  return deflateSync(Buffer.concat([head, text, Buffer.from(".")]), { level: 1 }).toString("base64");
}

const folder = mkdtempSync(join(tmpdir(), "funprm-release-"));
const path = join(folder, "release.jsonl");
const file = createWriteStream(path);
for (let at = 0; at < PROBLEMS; at += 1) {
  const tests = Array.from({ length: TESTS }, (_, test) => {
    const line = `${at} ${test} `.repeat(10).trim();
    const input = `${line}\n`.repeat(Math.ceil(INPUT_BYTES / (line.length + 1)));
    return { input, output: `${input.length}\n`, testtype: "stdin" };
  });
  const record = {
    question_title: `p${at}`,
    question_content: "Print the length.",
    platform: "atcoder",
    question_id: `p${at}`,
    contest_id: "c",
    contest_date: "2024-01-01",
    starter_code: "",
    difficulty: "easy",
    metadata: "{}",
    public_test_cases: JSON.stringify(
      tests.slice(0, 1).map((test) => ({ ...test, input: "a\n", output: "2\n" })),
    ),
    private_test_cases: packed(JSON.stringify(tests)),
  };
  if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, "drain");
}
file.end();
await once(file, "finish");
globalThis.gc?.();

// One in ten is right and runs all tests; the others fail on the first hidden one.
const RIGHT = "import sys\nprint(len(sys.stdin.read()))";
const WRONG = "import sys\nn = len(sys.stdin.read())\nprint(n if n < 10 else 0)";
const candidates = Array.from({ length: PROBLEMS }, (_, at) =>
  candidate(`p${at}`, 0, at % 10 === 0 ? RIGHT : WRONG),
);
const index = await ProblemIndex.open(path);
const sandbox = await openSandbox();
const rows = [];
let most = 0;
let done = 0;
const counts = {};
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 100);
const started = performance.now();
const options = { stopAtFirstFailure: true, onGraded: progress("release") };
for await (const { verdict } of gradeCandidates(candidates, (id) => index.get(id), sandbox, options)) {
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  done += 1;
  if (done % Math.ceil(PROBLEMS / 10) !== 0 && done !== PROBLEMS) continue;
  rows.push([done, Math.round(most / 2 ** 20), ((performance.now() - started) / 1000).toFixed(0)]);
  most = 0;
}
clearInterval(watch);
await sandbox.close();
await index.close();
const size = statSync(path).size;
rmSync(folder, { recursive: true });
writeResult("grading-release", "node benchmarks/grading/release.mjs", [
  "# Memory over a file of a release's size",
  "",
  `${PROBLEMS} problems, ${TESTS} private tests each, inputs of 1 MB (${(size / 2 ** 20).toFixed(0)} MiB packed, ` +
    `${((PROBLEMS * TESTS * INPUT_BYTES) / 2 ** 30).toFixed(0)} GiB unpacked). Verdicts: ${JSON.stringify(counts)}.`,
  "",
  ...table(["candidates graded", "peak memory of the parent since the last row, MiB", "seconds"], rows),
]);
