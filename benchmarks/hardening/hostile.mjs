// Hostile inputs, each against the built commands. node benchmarks/hardening/hostile.mjs [--only PATTERN]; with --only
// nothing is written to results/.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { BOMBS } from "./hostile/bombs.mjs";
import { MODELS } from "./hostile/models.mjs";
import { PLACES } from "./hostile/places.mjs";
import { TERMINAL } from "./hostile/terminal.mjs";
import { TEXTS } from "./hostile/texts.mjs";
import { MAIN, root, start } from "./processes.mjs";

/** Most seconds and MiB of the command itself and what it started, the largest process. */
const MOST_S = 240;
const MOST_MB = 1600;
const PTY = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
const all = [...BOMBS, ...PLACES, ...TEXTS, ...MODELS, ...TERMINAL];
const base = mkdtempSync(join(tmpdir(), "funprm-hostile-"));
const started = new Date();
const rows = [];
for (const [at, input] of all
  .filter(({ name }) => only === undefined || new RegExp(only).test(name))
  .entries()) {
  const row = await tryInput(input, at + 1);
  rows.push(row);
  process.stdout.write(`${row.wrong.length === 0 ? "ok " : "NOT"} ${row.cells.join(" | ")}\n`);
  for (const each of row.wrong) process.stdout.write(`      ${JSON.stringify(each).slice(0, 1500)}\n`);
}
const bad = rows.filter(({ wrong }) => wrong.length > 0).length;
process.stdout.write(`${rows.length} inputs, ${bad} not right\n`);
if (only === undefined) writeTable();
rmSync(base, { recursive: true, force: true });
process.exitCode = bad === 0 ? 0 : 1;

async function tryInput(input, number) {
  const folder = join(base, String(number), "a", "b");
  const places = Object.fromEntries(
    ["in", "out", "cwd", "tmp", "home"].map((name) => [name, join(folder, name)]),
  );
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  const canaries = [
    join(folder, "canary"),
    join(folder, "..", "canary"),
    join(base, String(number), "canary"),
  ];
  for (const canary of canaries) writeFileSync(canary, "untouched");
  mkdirSync(join(folder, "canary-folder"));
  writeFileSync(join(folder, "canary-folder", "results.json"), "untouched");
  for (const [name, content] of Object.entries(input.files ?? {}))
    writeFileSync(join(places.in, name), content);
  input.make?.(places.in, places.cwd, places.out);
  input.after?.(places.in);
  const server = input.server === undefined ? undefined : await serve(input.server);
  const placed = (text) =>
    text.replaceAll(
      /\b(IN|OUT|CWD|URL)(?=\/|$)/g,
      (_, name) => ({ IN: places.in, OUT: places.out, CWD: places.cwd, URL: server?.url })[name] ?? name,
    );
  const argv = [process.execPath, MAIN, ...input.args.map(placed)];
  const before = snapshot(folder, places);
  const shell =
    input.stdin === undefined ? argv : ["bash", "-c", `exec "$@" < ${placed(input.stdin)}`, "-", ...argv];
  const whole = input.terminal === true ? ["python3", "-c", PTY, ...shell] : shell;
  const env = {
    TMPDIR: places.tmp,
    HOME: places.home,
    XDG_CONFIG_HOME: join(places.home, "x"),
    OPENAI_API_KEY: "sk-hostile",
    NO_COLOR: "1",
  };
  const result = await start(whole, {
    folder: join(base, String(number)),
    name: "run",
    cwd: places.cwd,
    env,
    limitS: MOST_S,
  }).ended;
  await server?.stop();
  const wrong = wrongWith(result, input, places);
  for (const [path, what] of snapshot(folder, places))
    if (before.get(path) !== what) wrong.push(`written outside: ${path}`);
  for (const path of before.keys()) if (!existsSync(path)) wrong.push(`removed: ${path}`);
  for (const canary of canaries)
    if (readFileSync(canary, "utf8") !== "untouched") wrong.push(`written: ${canary}`);
  for (const name of readdirSync(places.tmp)) wrong.push(`left in TMPDIR: ${name}`);
  const said = lastLine(result, input, folder);
  rmSync(join(base, String(number)), { recursive: true, force: true });
  const end = result.hung ? "HUNG" : String(result.code ?? result.signal);
  return {
    wrong,
    cells: [
      String(number),
      input.name,
      end,
      said,
      `${result.wallS ?? ""}`,
      `${result.peakMb ?? ""}`,
      wrong.length === 0 ? "yes" : "NO",
    ],
  };
}

function wrongWith(result, { ends, says, rows: count, verdict, terminal }, { out }) {
  const { code, signal, hung, stdout, stderr, strays, peakMb } = result;
  const text = stdout + stderr;
  const wrong = [];
  if (hung) wrong.push("hung");
  if (!ends.includes(code))
    wrong.push(`ended with ${code ?? signal}, expected ${ends.join(" or ")}: ${text.slice(-800)}`);
  if (/defect of funprm|^\s+at .*:\d+:\d+|node:internal|FATAL ERROR/m.test(stderr + (terminal ? stdout : "")))
    wrong.push(`a defect: ${text.slice(-800)}`);
  if (strays.length > 0) wrong.push(`left behind: ${strays.join("; ")}`);
  if (peakMb > MOST_MB) wrong.push(`took ${peakMb} MiB`);
  if (says !== undefined && !says.test(text)) wrong.push(`did not say ${says}: ${text.slice(-800)}`);
  // A terminal's own line ends are CR LF.
  const shown = terminal ? text.replaceAll("\r\n", "\n") : stderr;
  const obeyed = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.exec(shown);
  if (obeyed !== null)
    wrong.push(
      `raw ${JSON.stringify(obeyed[0])} in ${JSON.stringify(shown.slice(Math.max(0, obeyed.index - 60), obeyed.index + 60))}`,
    );
  if (text.includes("sk-hostile")) wrong.push("shows the API key");
  if (count !== undefined) {
    const file = join(out, "graded.jsonl");
    const graded = existsSync(file)
      ? readFileSync(file, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
    if (graded.length !== count) wrong.push(`${graded.length} rows, ${count} expected`);
    const verdicts = [verdict ?? []].flat();
    for (const row of graded)
      if (verdicts.length > 0 && !verdicts.includes(row.verdict))
        wrong.push(`verdict ${row.verdict}: ${row.failed_test?.message ?? ""}`);
  }
  return wrong;
}

/** Everything below the folder but what a command may write: its --out and its own folder in the working directory. */
function snapshot(folder, { out, cwd }) {
  const found = new Map();
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const each = join(path, entry.name);
      if (each === out || each === join(cwd, ".funprm") || each === join(cwd, "owned-by-nobody")) continue;
      if (entry.isDirectory()) walk(each);
      found.set(
        each,
        entry.isFile()
          ? `${statSync(each).size} ${statSync(each).mtimeMs}`
          : entry.isDirectory()
            ? "folder"
            : "other",
      );
    }
  };
  walk(join(folder, "..", ".."));
  return new Map([...found].filter(([path]) => !/\/run\.(?:out|err|report|report\.pid)$|\/tmp\//.test(path)));
}

/** An LLM server that says one thing to everybody. */
async function serve({ status = 200, headers = {}, body = "", endless = false, packed = 0 }) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.on("error", () => {});
    if (packed > 0) return send(response, gzipSync(Buffer.alloc(8 * 2 ** 20, " ")), packed / 8);
    if (!endless) return response.end(body);
    response.write(body);
    return send(response, Buffer.alloc(2 ** 20, "x"), Infinity);
  });
  server.on("clientError", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

function send(response, block, times) {
  let sent = 0;
  const more = () => {
    while (sent < times && !response.destroyed) {
      sent += 1;
      if (!response.write(block)) return response.once("drain", more);
    }
    response.end();
  };
  more();
}

function lastLine({ stdout, stderr }, { terminal }, folder) {
  const lines = (terminal ? stdout.replaceAll("\r\n", "\n") : stderr)
    .replaceAll(folder, "")
    .replaceAll(root, "")
    .trim()
    .split("\n");
  const told = lines.find((line) => /^funprm:|^warning:/.test(line)) ?? lines.at(-1) ?? "";
  const visible = told.replaceAll(/\p{Cc}/gu, "?");
  return visible.length > 110 ? `${visible.slice(0, 107)}...` : visible;
}

function writeTable() {
  const safe = (text) =>
    text
      .replaceAll("\\", "\\\\")
      .replaceAll("|", "\\|")
      .replace(/[<>*_`[\]]/g, (mark) => `\\${mark}`);
  const header = ["#", "input", "exit", "what it said", "s", "MB", "right"];
  const table = [
    "# Hostile inputs",
    "",
    `\`node benchmarks/hardening/hostile.mjs\` after \`npm run build\`; ${started.toISOString().slice(0, 10)}, ${cpus().length} cores, ` +
      `load ${loadavg()[2].toFixed(1)}, Node ${process.versions.node}.`,
    "",
    `${rows.length} inputs, ${bad} not right. Right means: the exit code and words that the input should have, with file and line where it has some; ` +
      `no stack trace; an end within ${MOST_S} s and ${MOST_MB} MiB in the largest process; no control character on stderr, nor on a terminal ` +
      "(the rows that say so run at a real one); no file written, changed or removed outside of --out and the working directory's .funprm; " +
      "nothing left in TMPDIR; no process left; the API key nowhere. MB is the peak of the largest process, s the wall time of the busy machine.",
    "",
    `| ${header.join(" | ")} |`,
    `|${header.map(() => "---|").join("")}`,
    ...rows.map(({ cells }) => `| ${cells.map(safe).join(" | ")} |`),
  ].join("\n");
  writeFileSync(join(root, "benchmarks", "results", "hostile.md"), fitted(`${table}\n`));
}
