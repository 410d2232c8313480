// The store with many verdicts: look-ups a second, publishing a second, memory of a reader and of `funprm grade`, size on
// the disk. Keys and entries are those that grading makes; packs are written as a compaction writes them, and merged by one.
// node benchmarks/scale/store.mjs [--entries 5000000] [--graded 20000] [--many 200000] [--work FOLDER]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { MAIN, open } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";
import { measuredCommand } from "./measured-command.mjs";

const { EntryStore, PackWriter, ProblemIndex, codeSha256, entryKey, entryText, openSandbox, storedOutcomes } =
  await open(
    "EntryStore",
    "PackWriter",
    "ProblemIndex",
    "codeSha256",
    "entryKey",
    "entryText",
    "openSandbox",
    "storedOutcomes",
  );
const self = fileURLToPath(import.meta.url);
const LOOKUPS = 20_000;
const PUBLISHED = 2_000;
const AT_ONCE = 64;
/** Entries of a pack that the script writes; the store merges them. */
const A_PACK = 250_000;
/** `--memory` of funprm grade where nothing is said, in bytes. */
const MEMORY = 1024 * 2 ** 20;

const codeOf = (n) => `print(${n})`;
const outcomeOf = (n) => ({
  verdict: n % 2 === 0 ? "pass" : "wrong_answer",
  ...(n % 2 === 1 && { failedTest: { index: n % 20, expected: String(n), actual: String(n + 1) } }),
  passedTests: n % 20,
  totalTests: 20,
  cpuMs: 31.25,
  wallMs: 40.5,
  memoryKb: 9_876,
});

if (process.argv.includes("--fill")) {
  await fill(flag("--fill"), Number(flag("--from")), Number(flag("--to")));
  process.exit(0);
}
if (process.argv.includes("--measure")) {
  console.log(JSON.stringify(await measure(flag("--measure"), Number(flag("--count")))));
  process.exit(0);
}

/** Gives `work` what keeps outcomes as grading does, in `store`. */
async function withOutcomes(folder, store, work) {
  const tests = await ProblemIndex.open(join(folder, "problems.jsonl"));
  const sandbox = await openSandbox({ jobs: 1 });
  try {
    const of = { lookup: (id) => tests.get(id), sandbox, signal: new AbortController().signal };
    return await work(await storedOutcomes(store, { ...of, grade: { memoryBytes: MEMORY } }));
  } finally {
    await sandbox.close();
    await tests.close();
  }
}

/** Packs entries as a compaction does, then lets the store merge. */
async function fill(folder, from, to) {
  const store = await EntryStore.open(join(folder, "store"));
  let made = [];
  // Where grading would publish, the entries are gathered.
  const gathering = {
    contradicted: 0,
    get: async () => undefined,
    publish: async (entry) => {
      made.push(entry);
      return { entry, was: "first" };
    },
  };
  await withOutcomes(folder, gathering, async (outcomes) => {
    for (let first = from; first < to; first += A_PACK) {
      made = [];
      for (let n = first; n < Math.min(first + A_PACK, to); n += 1)
        await outcomes.keep("numbers", codeOf(n), outcomeOf(n));
      made.sort((a, b) => (a.key < b.key ? -1 : 1));
      const writer = await PackWriter.open(join(folder, "store", "packs"));
      for (const entry of made) await writer.add(entry.key, Buffer.from(entryText(entry)));
      await writer.publish();
    }
  });
  const started = performance.now();
  await store.compact();
  console.log(((performance.now() - started) / 1000).toFixed(0));
  await store.close();
}

async function each(count, work) {
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    for (let i = next++; i < count; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (count / (performance.now() - started)) * 1000;
}

async function measure(folder, count) {
  const before = process.memoryUsage.rss();
  const store = await EntryStore.open(join(folder, "store"));
  let wrong = 0;
  const rates = await withOutcomes(folder, store, async (outcomes) => {
    const hits = await each(LOOKUPS, async (i) => {
      const n = (i * 7_919) % count;
      if ((await outcomes.find("numbers", codeOf(n)))?.passedTests !== n % 20) wrong += 1;
    });
    const misses = await each(LOOKUPS, async (i) => {
      if ((await outcomes.find("numbers", codeOf(-1 - i))) !== undefined) wrong += 1;
    });
    return { hits, misses };
  });
  const key = (i) => entryKey("other", codeSha256(`${count} ${process.pid} ${i}`));
  const published = await each(PUBLISHED, (i) =>
    store.publish({ key: key(i), kind: "other", value: outcomeOf(i) }),
  );
  const most = process.resourceUsage().maxRSS * 1024;
  const { packs } = await store.count();
  await store.close();
  return { ...rates, published, wrong, packs, before, most };
}

/** `funprm grade` of candidates whose verdicts are all in the store. */
async function gradeStored(folder, count, graded) {
  const pool = join(folder, "pool.jsonl");
  const line = (i) =>
    `${JSON.stringify({ problem_id: "numbers", sample_index: i, code: codeOf((i * 7_919) % count) })}\n`;
  for (let first = 0; first < graded; first += A_PACK) {
    const lines = Array.from({ length: Math.min(A_PACK, graded - first) }, (_, i) => line(first + i));
    writeFileSync(pool, lines.join(""), { flag: first === 0 ? "w" : "a" });
  }
  const args = ["grade", "pool.jsonl", "--problems", "problems.jsonl", "--verdicts", "store", "--quiet"];
  return measuredCommand([MAIN, ...args, "--out", "graded.jsonl"], folder);
}

const base = flag("--work", mkdtempSync(join(tmpdir(), "funprm-store-")));
mkdirSync(base, { recursive: true });
rmSync(join(base, "store"), { recursive: true, force: true });
writeFileSync(
  join(base, "problems.jsonl"),
  `${JSON.stringify({ id: "numbers", statement: "Print a number.", tests: [{ input: "", output: "0" }] })}\n`,
);
const entries = Number(flag("--entries", "5000000"));
const graded = Number(flag("--graded", "20000"));
const run = (...args) => {
  const done = spawnSync(process.execPath, [self, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${done.status}`);
  return done.stdout.trim();
};
const packs = join(base, "store", "packs");
const bytes = (end) =>
  readdirSync(packs)
    .filter((name) => name.endsWith(end))
    .reduce((sum, name) => sum + statSync(join(packs, name)).size, 0);
const mebibytes = (value) => (value / 2 ** 20).toFixed(0);
const rows = [];
let from = 0;
for (const to of [entries / 50, entries / 5, entries].map(Math.round)) {
  const started = performance.now();
  const merging = run("--fill", base, "--from", String(from), "--to", String(to));
  const filling = (performance.now() - started) / 1000;
  const found = JSON.parse(run("--measure", base, "--count", String(to)));
  if (found.wrong > 0) throw new Error(`${found.wrong} look-ups were wrong`);
  const command = await gradeStored(base, to, graded);
  rows.push([
    to,
    found.packs,
    mebibytes(bytes(".pack")),
    mebibytes(bytes(".idx")),
    Math.round(found.hits),
    Math.round(found.misses),
    Math.round(found.published),
    `${mebibytes(found.before)} / ${mebibytes(found.most)}`,
    Math.round(graded / command.seconds),
    mebibytes(command.mostBytes),
    `${Math.round(filling)} / ${merging}`,
  ]);
  console.log(JSON.stringify(rows.at(-1)));
  from = to;
}
const many = Number(flag("--many", "200000"));
const command = await gradeStored(base, entries, many);
writeResult("scale-store", "node benchmarks/scale/store.mjs", [
  "# The store with many verdicts",
  "",
  `Look-ups of ${LOOKUPS} verdicts and of as many that are not there, and ${PUBLISHED} new entries published with fsync, ` +
    `${AT_ONCE} at a time in one process. Memory in MiB: the process before it opens the store, and its peak. ` +
    `Then \`funprm grade\` over ${graded} candidates whose verdicts are all in the store: candidates a second, peak MiB. ` +
    `Over ${many} candidates at the end: ${Math.round(many / command.seconds)} a second, ` +
    `${mebibytes(command.mostBytes)} MiB, ${Math.round(command.seconds)} s.`,
  "",
  ...table(
    [
      "entries",
      "packs",
      "packs MiB",
      "indexes MiB",
      "hits/s",
      "misses/s",
      "published/s",
      "before / peak MiB",
      "graded/s",
      "grade peak MiB",
      "filling / merging s",
    ],
    rows,
  ),
]);
