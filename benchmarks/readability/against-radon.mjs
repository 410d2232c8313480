// Readability figures against radon and CPython's ast on recorded programs. Writes benchmarks/results/readability-radon.md.
//   node benchmarks/readability/against-radon.mjs PYTHON      (a Python that has radon 6.0: pip install radon)
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { open } from "../door.mjs";

const { programReadability, loadPythonParser } = await open("programReadability", "loadPythonParser");

const POOLS = ["codeforces-hard", "classic", "livecodebench-v5"];
const root = fileURLToPath(new URL("../..", import.meta.url));
await loadPythonParser();
const programs = [...(await readPrograms())];
const theirs = radon(programs);

const differing = {
  functions: 0,
  "with docstring": 0,
  "longest function": 0,
  "McCabe, sum over functions": 0,
  "McCabe of module code": 0,
};
let [compared, unparsed, oneSided, methodsInBlocks] = [0, 0, 0, 0];
for (const [at, code] of programs.entries()) {
  const [our, their] = [programReadability(code), theirs[at]];
  if (their === null) unparsed++;
  if ((our === null) !== (their === null)) oneSided++;
  if (our === null || their === null) continue;
  compared++;
  differing.functions += our.functions !== their.functions;
  differing["with docstring"] += our.documented !== their.documented;
  if (their.functions === 0) differing["McCabe of module code"] += our.complexity !== their.module;
  else {
    differing["longest function"] += our.longestFunctionLines !== their.longest;
    // radon leaves out classes in functions: nothing to compare with there.
    if (their.measured !== their.functions) methodsInBlocks++;
    else {
      const sum = Math.round(our.complexity * our.functions);
      differing["McCabe, sum over functions"] += sum !== their.complexity;
    }
  }
}
const text = `# Readability figures against radon and CPython

Command: \`npm run build && node benchmarks/readability/against-radon.mjs PYTHON\` with radon 6.0.1. Date 2026-11-20, machine 2 cores, 24 GB,
Node 20.20, Python 3.11. All ${programs.length} distinct programs of ${POOLS.join(", ")}: ${compared} that both parse, ${unparsed} that CPython
does not parse, ${oneSided} on which only one of the two has figures. Functions in classes in functions, which radon leaves out, occur in
${methodsInBlocks} programs; their McCabe numbers are not compared.

| figure | programs that differ |
|---|---:|
${Object.entries(differing)
  .map((row) => `| ${row.join(" | ")} |\n`)
  .join("")}`;
writeFileSync(`${root}benchmarks/results/readability-radon.md`, fitted(text));
console.log(text);

async function readPrograms() {
  const codes = new Set();
  for (const pool of POOLS) {
    const file = createReadStream(`${root}../shared/data/pools/${pool}.jsonl.gz`).pipe(createGunzip());
    for await (const line of createInterface({ input: file })) codes.add(JSON.parse(line).code);
  }
  return codes;
}

function radon(codes) {
  const folder = mkdtempSync(join(tmpdir(), "funprm-radon-"));
  try {
    const input = join(folder, "programs.jsonl");
    writeFileSync(input, codes.map((code) => `${JSON.stringify(code)}\n`).join(""));
    const script = fileURLToPath(new URL("radon_counts.py", import.meta.url));
    const { stdout, stderr, status } = spawnSync(process.argv[2] ?? "python3", [script], {
      stdio: [openSync(input), "pipe", "pipe"],
      encoding: "utf8",
      maxBuffer: 1e9,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
