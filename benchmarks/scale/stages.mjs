// Time and memory of the stages around grading, by the number of programs, in the folder that store.mjs has filled: grading
// what the store has, in a shard; merging it; ranking. What grows with the number shows, and what does not.
// node benchmarks/scale/stages.mjs --work FOLDER [--entries 5000000] [--counts 30000,90000]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAIN } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";
import { measuredCommand } from "./measured-command.mjs";

const base = flag("--work");
const entries = Number(flag("--entries", "5000000"));
const counts = flag("--counts", "30000,90000").split(",").map(Number);
/** Candidates of `rank`, which computes: so many times fewer. */
const RANKED = 50;

const rows = [];
async function stage(name, count, args) {
  const { seconds, mostBytes, cpuSeconds } = await measuredCommand([MAIN, ...args, "--quiet"], base);
  const million = (value) => Math.round((value / count) * 1e6);
  rows.push([
    name,
    count,
    (mostBytes / 2 ** 20).toFixed(0),
    Math.round(count / seconds),
    million(cpuSeconds),
    million(seconds),
  ]);
  console.log(JSON.stringify(rows.at(-1)));
}

for (const count of counts) {
  const lines = (total, more) =>
    Array.from(
      { length: total },
      (_, i) =>
        `${JSON.stringify({ problem_id: "numbers", sample_index: i, code: `print(${(i * 7_919) % entries})`, ...more })}\n`,
    ).join("");
  writeFileSync(join(base, "stage.jsonl"), lines(count));
  const input = ["stage.jsonl", "--problems", "problems.jsonl"];
  await stage("grade, verdicts in the store", count, [
    "grade",
    ...input,
    "--verdicts",
    "store",
    "--shard",
    "0/1",
    "--out",
    "part.jsonl",
  ]);
  await stage("merge", count, ["merge", "part.jsonl", "--out", "merged.jsonl"]);
  if (readFileSync(join(base, "merged.jsonl"), "utf8") !== readFileSync(join(base, "part.jsonl"), "utf8"))
    throw new Error("merged other lines");
  const ranked = count / RANKED;
  writeFileSync(join(base, "stage.jsonl"), lines(ranked));
  await stage("rank, bundled PRM, one-line programs", ranked, ["rank", ...input, "--out", "ranked.jsonl"]);
}
writeResult("scale-stages", "node benchmarks/scale/stages.mjs", [
  "# Time and memory by the number of programs",
  "",
  `Peak memory of the command's own process in MiB; the store holds ${entries} verdicts. CPU of the command's own process.`,
  "",
  ...table(
    ["stage", "programs", "peak MiB", "programs/s", "CPU s a million", "s a million on this machine"],
    rows,
  ),
]);
