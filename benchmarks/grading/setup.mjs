// What the grading benchmarks share: where data lies, how results are written.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fitted } from "../fit-markdown.mjs";

const root = new URL("../../", import.meta.url);

/** Path of a file of the shared data, `tests/HumanEvalPlus.jsonl.gz`. */
export function dataFile(name) {
  return fileURLToPath(new URL(`../shared/data/${name}`, root));
}

/** Writes benchmarks/results/NAME.md with the command that makes it, and prints it. */
export function writeResult(name, command, lines) {
  const text = [
    `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}; machine: 2 cores, 24 GB, Node 20.20.`,
    "",
    ...lines,
    "",
  ].join("\n");
  mkdirSync(new URL("benchmarks/results/", root), { recursive: true });
  writeFileSync(new URL(`benchmarks/results/${name}.md`, root), fitted(text));
  console.log(text);
}

/** A Markdown table. */
export function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** The value after a flag of the command line. */
export function flag(name, fallback) {
  const at = process.argv.indexOf(name);
  return at === -1 ? fallback : process.argv[at + 1];
}

/** A progress line on stderr every 10 s. */
export function progress(what) {
  const started = Date.now();
  let last = started;
  let done = 0;
  return () => {
    done += 1;
    if (Date.now() - last < 10_000) return;
    last = Date.now();
    const seconds = (last - started) / 1000;
    console.error(`${what}: ${done} done, ${(done / seconds).toFixed(1)} a second`);
  };
}

/** A candidate of a problem. */
export function candidate(problemId, sampleIndex, code, model) {
  return { problemId, sampleIndex, code, warnings: [], extra: {}, ...(model && { model }) };
}
