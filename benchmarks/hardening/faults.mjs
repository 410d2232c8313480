// Faults, each against the built commands: what is killed, stopped, full, closed, missing or late; then the same command
// again. node benchmarks/hardening/faults.mjs [--only TEXT | --part I/N] [--resume]. With --only nothing is written. Parts may run
// beside each other. With --resume, what was tried against an earlier build is not tried again; the table says which;
// --table tries nothing and writes the table of what was tried.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fitted } from "../fit-markdown.mjs";
import { KILLS } from "./faults/kills.mjs";
import { PLACES } from "./faults/places.mjs";
import { SURROUNDINGS } from "./faults/surroundings.mjs";
import { MAIN, root, start, until } from "./processes.mjs";
import { startServer, WORKS, writeInputs } from "./works.mjs";

const only = argument("--only");
const base = mkdtempSync(join(tmpdir(), "funprm-faults-"));
const inputs = writeInputs(join(base, "inputs"));
const cases = [...KILLS, ...PLACES, ...SURROUNDINGS].flatMap((fault) =>
  fault.on.map((on) => ({ ...fault, on })),
);
const resume = process.argv.includes("--resume");
const build = buildOf(dirname(MAIN));
const kept = join(root, ".funprm", "hardening");
mkdirSync(kept, { recursive: true });
const [part = 1, parts = 1] = (argument("--part") ?? "1/1").split("/").map(Number);
const wanted = (process.argv.includes("--table") ? [] : cases)
  .map((fault, at) => ({ ...fault, number: at + 1 }))
  .filter(({ on, name }) => only === undefined || `${on}: ${name}`.includes(only))
  .filter((_, at) => at % parts === part - 1)
  .toSorted((a, b) => order(a) - order(b))
  // What was tried against this build already is not tried again.
  .filter(({ number }) => only !== undefined || tried().every(({ cells }) => cells[0] !== String(number)));

const baselines = new Map();
const rows = [];
const started = new Date();
for (const fault of wanted) {
  const row = { ...(await tryFault(fault, fault.number)), build };
  rows.push(row);
  if (only === undefined) writeFileSync(join(kept, `fault-${fault.number}.json`), JSON.stringify(row));
  process.stdout.write(`${row.right ? "ok " : "NOT"} ${row.cells.join(" | ")}\n`);
  for (const each of row.wrong) process.stdout.write(`      ${each}\n`);
}
const bad = rows.filter(({ right }) => !right).length;
process.stdout.write(`${rows.length} faults, ${bad} not right\n`);
if (only === undefined) writeTable(tried());
rmSync(base, { recursive: true, force: true, maxRetries: 10 });
process.exitCode = bad === 0 ? 0 : 1;

/** The folders of one try, and the argv of its command. */
async function openTry(fault, number) {
  const folder = join(base, String(number));
  const [out, cwd, temporary] = ["out", "cwd", "tmp"].map((name) => join(folder, name));
  for (const each of [folder, out, cwd, temporary]) mkdirSync(each, { recursive: true });
  const work = WORKS[fault.on];
  const place = {
    folder,
    out,
    cwd,
    temporary,
    inputs,
    number,
    resultFile: fault.on === "rank" ? "ranking.jsonl" : "graded.jsonl",
  };
  fault.prepare?.(place);
  const server = work.needsServer ? await startServer(inputs) : undefined;
  const given = fault.inputs?.(place) ?? inputs;
  const argv = [process.execPath, MAIN, ...work.args(given, out, { url: server?.url })];
  return { ...place, work, server, argv };
}

function startTry(tried, name, argv, { wrap, env }) {
  const { folder, cwd, temporary } = tried;
  const whole = wrap === undefined ? argv : wrap(argv, tried);
  const surroundings = { TMPDIR: temporary, OPENAI_API_KEY: "none", ...env?.(tried) };
  return start(whole, { folder, name, cwd, env: surroundings });
}

async function baselineOf(on) {
  if (!baselines.has(on)) {
    const tried = await openTry({ on }, `baseline-${on}`);
    const result = await startTry(tried, "baseline", tried.argv, {}).ended;
    await tried.server?.stop();
    const wrong = result.code === 0 ? WORKS[on].wrong(tried.out, tried.out) : [result.stderr];
    if (wrong.length > 0) throw new Error(`${on}, undisturbed: ${wrong.join("\n")}`);
    baselines.set(on, { out: tried.out, rows: WORKS[on].rows(tried.out).length });
  }
  return baselines.get(on);
}

async function tryFault(fault, number) {
  const missing = whatIsMissing(fault);
  const label = [String(number), fault.on, fault.name];
  if (missing !== undefined)
    return { right: false, wrong: [missing], cells: [...label, "not run", missing, "", "", ""] };
  const baseline = await baselineOf(fault.on);
  const tried = await openTry(fault, number);
  const wrong = [];
  const { work, out } = tried;
  let seen = [];
  const count = () => work.rows(out).length;
  const run = startTry(tried, "first", tried.argv, fault);
  /** What a disturbance gets. */
  const context = {
    ...tried,
    count,
    fail: (text) => wrong.push(text),
    forget: () => (seen = undefined),
    async reaches(part) {
      if (baseline.rows > 0) await until(run, () => count() >= Math.ceil(baseline.rows * part));
      else await until(run, () => run.tree().find(({ role, ticks }) => role === "onnx" && ticks > 60));
      seen = work.rows(out);
    },
  };
  await fault.disturb?.(run, context);
  const first = await run.ended;
  await fault.after?.(tried);
  const finished = seen === undefined ? undefined : work.rows(out);
  if (seen !== undefined) wrong.push(...lost(seen, finished, "at its end"));
  wrong.push(...faultyEnd(first, fault));
  await tried.server?.stop();

  fault.repair?.(tried);
  const server = work.needsServer ? await startServer(inputs) : undefined;
  const given = fault.inputs?.(tried) ?? inputs;
  const again = [process.execPath, MAIN, ...work.args(given, out, { url: server?.url }), ...work.resume];
  const second = await startTry(tried, "again", again, { wrap: fault.again?.wrap }).ended;
  await server?.stop();
  wrong.push(...faultyEnd(second, { ends: [0] }).map((each) => `again: ${each}`));
  if (second.code === 0) wrong.push(...work.wrong(out, baseline.out));
  if (finished !== undefined && second.code === 0)
    wrong.push(...lost(finished, work.rows(out), "when started again"));
  wrong.push(...leftovers(tried));
  for (const place of [out, tried.temporary]) unmount(place);
  if (wrong.length === 0) rmSync(tried.folder, { recursive: true, force: true, maxRetries: 10 });
  const right = wrong.length === 0;
  const kept = finished === undefined || baseline.rows === 0 ? "" : `${finished.length} of ${baseline.rows}`;
  const cells = [
    ...label,
    endOf(first),
    said(first, tried),
    kept,
    right ? "same result" : "NO",
    String(first.strays.length + second.strays.length),
  ];
  return { right, wrong, cells };
}

function whatIsMissing({ needsRoot, needs, needsFile }) {
  if (needsRoot && process.getuid() !== 0) return "needs root";
  if (needsFile !== undefined && !existsSync(needsFile)) return `needs ${needsFile}`;
  if (needs === undefined) return undefined;
  try {
    execFileSync("which", [needs]);
    return undefined;
  } catch {
    return `needs ${needs}`;
  }
}

function endOf({ code, signal, hung }) {
  return hung ? "HUNG" : String(code ?? signal);
}

function faultyEnd({ code, signal, hung, stderr, strays }, { ends, says, anyEnd }) {
  const wrong = [];
  if (hung) wrong.push("hung");
  if (anyEnd !== true && !ends.includes(code ?? signal))
    wrong.push(`ended with ${code ?? signal}, expected ${ends.join(" or ")}: ${stderr}`);
  if (/defect of funprm|^\s+at .*:\d+:\d+|node:internal/m.test(stderr)) wrong.push(`a defect: ${stderr}`);
  if (strays.length > 0) wrong.push(`left behind: ${strays.join("; ")}`);
  if (says !== undefined && !says.test(stderr)) wrong.push(`did not say ${says}: ${stderr}`);
  return wrong;
}

function lost(before, after, when) {
  const there = new Set(after);
  const gone = before.filter((row) => !there.has(row));
  return gone.length === 0 ? [] : [`${gone.length} finished rows are lost ${when}`];
}

/** Locks and unfinished files that the second run left. */
function leftovers({ out, temporary, cwd }) {
  const unfinished = /\.tmp$|(?:^|[./])lock$|\.(?:new|ready|part)(?:$|\/)/;
  const found = [out, cwd].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: "utf8" }).filter((name) => unfinished.test(name)),
  );
  return [...found, ...readdirSync(temporary).map((name) => `$TMPDIR/${name}`)].map(
    (name) => `left: ${name}`,
  );
}

function unmount(path) {
  if (!readFileSync("/proc/mounts", "utf8").includes(` ${path} `)) return;
  execFileSync("umount", ["-l", path]);
}

/** The last line that a command said, without this run's folders. */
function said({ stderr }, { folder }) {
  const lines = stderr.replaceAll(folder, "DIR").replaceAll(base, "DIR").trim().split("\n");
  const told = lines.findLast((line) => /^funprm:|^warning:/.test(line)) ?? lines.at(-1) ?? "";
  return told.length > 160 ? `${told.slice(0, 157)}...` : told;
}

function argument(name) {
  return process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
}

/** Faults of all kinds early on: a run that is ended before its time has tried some of each. */
function order({ number }) {
  return (number * 61) % 167;
}

/** What tells a build from others. */
function buildOf(dist) {
  const hash = createHash("sha256");
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }).toSorted())
    if (/\.(?:js|py)$/.test(name)) hash.update(readFileSync(join(dist, name)));
  return hash.digest("hex").slice(0, 12);
}

/** The rows of all faults against this build, of every part; with --resume, of earlier builds too. */
function tried() {
  return cases.flatMap((fault, at) => {
    const path = join(kept, `fault-${at + 1}.json`);
    const row = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
    return row?.cells[2] === fault.name && (row.build === build || resume) ? [row] : [];
  });
}

function writeTable(rows) {
  const bad = rows.filter(({ right }) => !right).length;
  process.stdout.write(`${rows.length} of ${cases.length} faults were tried against this build\n`);
  const safe = (text) => text.replaceAll("|", "\\|").replace(/[<>*_`]/g, (mark) => `\\${mark}`);
  const header = [
    "#",
    "command",
    "fault",
    "ended",
    "what it said last",
    "rows kept",
    "again",
    "strays",
    "build",
  ];
  const table = [
    "# Faults",
    "",
    `\`node benchmarks/hardening/faults.mjs\` after \`npm run build\`; ${started.toISOString().slice(0, 10)}, ${cpus().length} cores, ` +
      `load ${loadavg()[2].toFixed(1)}, Node ${process.versions.node}.`,
    "",
    "Each fault happens to a run of the built command; then the same command is started again, `grade` with `--resume`. " +
      `${rows.length} of the ${cases.length} faults in the script were tried (the last column says against which build), ${bad} not right. Right means: the exit code that the fault should have, no stack trace, no hang, no process that ` +
      "is still there 45 s after the command, no lock or unfinished file after the second run, every row that was finished when the " +
      "fault came is there byte for byte at the end, and the second run ends with 0 and the undisturbed result. The verdicts of the 36 " +
      "programs are known by how they are made (pool.mjs); `rank`, `bench` and `collect` are compared byte by byte with an undisturbed run. " +
      "Rows: graded lines; scores, verdicts and evidence; stored samples; verdicts of completions. `rank` keeps none.",
    "",
    `| ${header.join(" | ")} |`,
    `|${header.map(() => "---|").join("")}`,
    ...rows.map(({ cells, build: of }) => `| ${[...cells, of.slice(0, 6)].map(safe).join(" | ")} |`),
  ].join("\n");
  writeFileSync(join(root, "benchmarks", "results", "faults.md"), fitted(`${table}\n`));
}
