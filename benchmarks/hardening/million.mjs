// Memory of all processes of `rank` and `split --jsonl` over a million candidate rows, or as many as fit into a time.
// node benchmarks/hardening/million.mjs rank|split|table [rows] [seconds]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fitted } from "../fit-markdown.mjs";
import { descendants, MAIN, root } from "./processes.mjs";
import { jsonLines } from "./pool.mjs";

/** Rows of a problem; equal programs of a problem are scored once a chunk, so that the rows are what costs. */
const OF_A_PROBLEM = 1000;
const TENTHS = 10;
const kept = join(root, ".funprm", "hardening");
mkdirSync(kept, { recursive: true });
const [part = "", rowsGiven = "1000000", secondsGiven = "36000"] = process.argv.slice(2);
const wanted = Number(rowsGiven);
const most = Number(secondsGiven) * 1000;

if (part !== "table") writeFileSync(join(kept, `million-${part}.json`), JSON.stringify(await measure()));
writeTable();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), "funprm-million-"));
  const problems = join(folder, "problems.jsonl");
  const count = Math.ceil(wanted / OF_A_PROBLEM);
  writeFileSync(
    problems,
    jsonLines(Array.from({ length: count }, (_, at) => ({ id: `p${at}`, statement: `Print ${at}.` }))),
  );
  const out = join(folder, "out.jsonl");
  const prm = join(root, "test", "fixtures", "prm-encoder-tiny");
  const args = {
    rank: ["rank", "-", "--problems", problems, "--prm", prm, "--out", out, "--quiet"],
    split: ["split", "--jsonl", "-", "--out", out, "--quiet"],
  }[part];
  if (args === undefined) throw new Error(`expected rank, split or table; got "${part}"`);
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
    cwd: folder,
  });
  const closed = once(child, "close");
  const samples = [];
  let sent = 0;
  const timer = setInterval(() => samples.push({ sent, ...memoryOf(child.pid) }), 500);
  const began = performance.now();
  child.stdin.on("error", () => {});
  while (sent < wanted && performance.now() - began < most && child.exitCode === null) {
    // Rows of all problems come mixed, as a pool may hold them.
    const chunk = Array.from({ length: 256 }, (_, at) =>
      row((sent + at) % count, Math.floor((sent + at) / count)),
    );
    sent += chunk.length;
    if (!child.stdin.write(jsonLines(chunk))) await Promise.race([once(child.stdin, "drain"), closed]);
  }
  const read = performance.now() - began;
  child.stdin.end();
  const fed = samples.length;
  const [code] = await closed;
  clearInterval(timer);
  const lines = await countLines(out);
  const bytes = existsSync(out) ? statSync(out).size : 0;
  rmSync(folder, { recursive: true });
  return {
    part,
    code,
    sent,
    lines,
    bytes,
    seconds: Math.round((performance.now() - began) / 1000),
    readSeconds: Math.round(read / 1000),
    tenths: tenths(samples.slice(0, fed)),
    after: peaks(samples.slice(fed)),
    load: loadavg()[1].toFixed(0),
  };
}

function row(problem, at) {
  const code = `def helper(x):\n    return x\n\n\ndef main():\n    print(helper(${problem}))\n\n\nmain()\n`;
  return { problem_id: `p${problem}`, sample_index: at, code };
}

/** Resident MiB of the command, of the scoring process, and of everything together. */
function memoryOf(pid) {
  const all = descendants(pid);
  const mebibytes = (each) => each.reduce((sum, { rssKb }) => sum + rssKb, 0) / 1024;
  const own = Number(/VmRSS:\s+(\d+)/.exec(statusOf(pid))?.[1] ?? 0) / 1024;
  return {
    command: own,
    onnx: mebibytes(all.filter(({ role }) => role === "onnx")),
    all: own + mebibytes(all),
  };
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

function tenths(samples) {
  const last = samples.at(-1)?.sent ?? 0;
  return Array.from({ length: TENTHS }, (_, at) =>
    peaks(samples.filter(({ sent }) => sent > (last * at) / TENTHS && sent <= (last * (at + 1)) / TENTHS)),
  );
}

function peaks(samples) {
  const peak = (name) => Math.round(Math.max(0, ...samples.map((each) => each[name])));
  return { command: peak("command"), onnx: peak("onnx"), all: peak("all") };
}

async function countLines(path) {
  if (!existsSync(path)) return 0;
  const { createReadStream } = await import("node:fs");
  let lines = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk) if (byte === 10) lines += 1;
  return lines;
}

function writeTable() {
  const found = ["rank", "split"]
    .map((name) => join(kept, `million-${name}.json`))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, "utf8")));
  const columns = Array.from({ length: TENTHS }, (_, at) => `${(at + 1) * 10} %`);
  const rows = found.flatMap((each) =>
    (each.part === "rank" ? ["command", "onnx", "all"] : ["command", "all"]).map(
      (name) =>
        `| ${each.part}: ${{ command: "the command", onnx: "scoring process", all: "all processes" }[name]} | ${each.tenths.map((tenth) => tenth[name]).join(" | ")} | ${each.after[name]} |`,
    ),
  );
  const text = [
    "# Memory over many candidate rows",
    "",
    `\`node benchmarks/hardening/million.mjs rank\`, then \`split\` (rows and seconds may follow), after \`npm run build\`; ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores.`,
    "",
    "Rows are piped in, those of all problems mixed; each problem has one program, so that rows and not scoring are what costs. Peak resident MiB",
    "in each tenth of the input, and while the rest is written after its end.",
    "",
    "| | rows | exit code | rows written | MB written | seconds | load |",
    "|---|---|---|---|---|---|---|",
    ...found.map(
      (each) =>
        `| ${each.part} | ${each.sent} | ${each.code} | ${each.lines} | ${Math.round(each.bytes / 1e6)} | ${each.seconds} | ${each.load} |`,
    ),
    "",
    `| | ${columns.join(" | ")} | after |`,
    `|---|${columns.map(() => "---|").join("")}---|`,
    ...rows,
  ].join("\n");
  writeFileSync(join(root, "benchmarks", "results", "million.md"), fitted(`${text}\n`));
  process.stdout.write(`${text}\n`);
}
