// The store with many entries: look-ups a second, publishing a second, memory of a reader, size on the disk.
// node benchmarks/scale/store.mjs [--entries 5000000] [--work FOLDER]; entries of an earlier run in the folder are used.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { open } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";

const { EntryStore, PackWriter, entryKey, entryText } = await open(
  "EntryStore",
  "PackWriter",
  "entryKey",
  "entryText",
);
const self = fileURLToPath(import.meta.url);
const LOOKUPS = 20_000;
const PUBLISHED = 2_000;
const AT_ONCE = 64;
/** Entries of a pack that the script writes; the store merges them. */
const A_PACK = 250_000;

const keyOf = (n) => entryKey("verdict", n);
const entryOf = (n) => ({
  key: keyOf(n),
  kind: "verdict",
  value: { verdict: n % 2 === 0 ? "pass" : "wrong_answer", passedTests: n % 20, totalTests: 20 },
  measured: { cpuMs: 31.25, wallMs: 40.5, memoryKb: 9_876, referenceMs: 77.9 },
});

if (process.argv.includes("--fill")) {
  await fill(flag("--fill"), Number(flag("--from")), Number(flag("--to")));
  process.exit(0);
}
if (process.argv.includes("--measure")) {
  console.log(JSON.stringify(await measure(flag("--measure"), Number(flag("--count")))));
  process.exit(0);
}

/** Packs entries as a compaction does, then lets the store merge. */
async function fill(folder, from, to) {
  const store = await EntryStore.open(folder);
  for (let first = from; first < to; first += A_PACK) {
    const numbers = Array.from({ length: Math.min(A_PACK, to - first) }, (_, i) => ({
      n: first + i,
      key: keyOf(first + i),
    }));
    numbers.sort((a, b) => (a.key < b.key ? -1 : 1));
    const writer = await PackWriter.open(join(folder, "packs"));
    for (const { n, key } of numbers) await writer.add(key, Buffer.from(entryText(entryOf(n))));
    await writer.publish();
  }
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
  const store = await EntryStore.open(folder);
  let wrong = 0;
  const hits = await each(LOOKUPS, async (i) => {
    const n = (i * 7_919) % count;
    if ((await store.get(keyOf(n)))?.value.passedTests !== n % 20) wrong += 1;
  });
  const misses = await each(LOOKUPS, async (i) => {
    if ((await store.get(keyOf(-1 - i))) !== undefined) wrong += 1;
  });
  const published = await each(PUBLISHED, (i) =>
    store.publish({ ...entryOf(i), key: entryKey("other", count, process.pid, i) }),
  );
  const most = process.resourceUsage().maxRSS * 1024;
  const { packs } = await store.count();
  await store.close();
  return { hits, misses, published, wrong, packs, before, most };
}

const folder = join(flag("--work", mkdtempSync(join(tmpdir(), "funprm-store-"))), "store");
mkdirSync(folder, { recursive: true });
const entries = Number(flag("--entries", "5000000"));
const run = (...args) => {
  const done = spawnSync(process.execPath, [self, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${done.status}`);
  return done.stdout.trim();
};
const bytes = (end) =>
  readdirSync(join(folder, "packs"))
    .filter((name) => name.endsWith(end))
    .reduce((sum, name) => sum + statSync(join(folder, "packs", name)).size, 0);
const rows = [];
let from = 0;
for (const to of [entries / 50, entries / 5, entries].map(Math.round)) {
  const started = performance.now();
  const merging = run("--fill", folder, "--from", String(from), "--to", String(to));
  const filling = (performance.now() - started) / 1000;
  const found = JSON.parse(run("--measure", folder, "--count", String(to)));
  if (found.wrong > 0) throw new Error(`${found.wrong} look-ups were wrong`);
  const mebibytes = (value) => (value / 2 ** 20).toFixed(0);
  rows.push([
    to,
    found.packs,
    mebibytes(bytes(".pack")),
    mebibytes(bytes(".idx")),
    Math.round(found.hits),
    Math.round(found.misses),
    Math.round(found.published),
    mebibytes(found.before),
    mebibytes(found.most),
    Math.round(filling),
    merging,
  ]);
  console.log(JSON.stringify(rows.at(-1)));
  from = to;
}
writeResult("scale-store", "node benchmarks/scale/store.mjs", [
  "# The store with many entries",
  "",
  `Look-ups of ${LOOKUPS} entries and of as many that are not there, and ${PUBLISHED} new ones published with fsync, ${AT_ONCE} at a ` +
    "time in one process. Memory: the process before it opens the store, and its peak.",
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
      "MiB before",
      "MiB peak",
      "filling s",
      "of that merging s",
    ],
    rows,
  ),
]);
