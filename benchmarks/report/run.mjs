// A run of 1,055 problems with 16 candidates each, made up: time and memory to render it, size of what comes out, and how
// fast the page is in Chromium. Writes benchmarks/results/report.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { createViteServer } from "vitest/node";
import { fitted } from "../fit-markdown.mjs";

const PROBLEMS = 1055;
const CANDIDATES = 16;
const ROUNDS = 3;
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "funprm-report-"));

try {
  await makeRun();
  const renders = Array.from({ length: ROUNDS }, () => render());
  const visits = [];
  for (let round = 0; round < ROUNDS; round++) visits.push(await visit());
  const size = (name) => (statSync(join(folder, name)).size / 1e6).toFixed(1);
  const rows = [
    ["render: all five files, median of 3", `${median(renders.map(({ ms }) => ms / 1000)).toFixed(1)} s`],
    [
      "render: with a comparison of its own (no results.json), one run",
      `${(render({ unfinished: true }).ms / 1000).toFixed(1)} s`,
    ],
    [
      "render: with readability of all programs, one run",
      `${(render({ readability: true }).ms / 1000).toFixed(1)} s`,
    ],
    ["render: peak resident memory", `${Math.round(median(renders.map(({ rssMb }) => rssMb)))} MB`],
    ["problems.jsonl", `${size("problems.jsonl")} MB`],
    ["report.html", `${size("report.html")} MB`],
    ["page: first contentful paint", `${Math.round(median(visits.map(({ paint }) => paint)))} ms`],
    ["page: whole file read", `${Math.round(median(visits.map(({ loaded }) => loaded)))} ms`],
    [`page: list of ${PROBLEMS} problems`, `${Math.round(median(visits.map(({ list }) => list)))} ms`],
    ["page: search for a word", `${Math.round(median(visits.map(({ search }) => search)))} ms`],
    ["page: a problem of a chunk not yet opened", `${Math.round(median(visits.map(({ cold }) => cold)))} ms`],
    ["page: the next problem (j)", `${Math.round(median(visits.map(({ warm }) => warm)))} ms`],
    ["page: script heap after 30 problems", `${Math.round(median(visits.map(({ heapMb }) => heapMb)))} MB`],
  ];
  writeFileSync(
    join(root, "benchmarks/results/report.md"),
    fitted(`# Report of ${PROBLEMS} problems with ${CANDIDATES} candidates

Command: \`npm run build && node benchmarks/report/run.mjs\`. Date 2026-11-20, machine 2 cores, 24 GB, Node 20.20, Chromium
${visits[0].version} (headless, software rendering). The run is made up by test/report/synthetic-run.ts: programs of about 1.5 KB in four
functions, rewards, evidence, failing tests, statements of 1.5 KB. Medians of ${ROUNDS} rounds.

| what | figure |
|---|---|
${rows.map((row) => `| ${row.join(" | ")} |\n`).join("")}`),
  );
  for (const row of rows) console.log(row.join(": "));
} finally {
  rmSync(folder, { recursive: true });
}

/** The generator is TypeScript and belongs to the tests; vite loads it. */
async function makeRun() {
  const server = await createViteServer({
    configFile: false,
    root,
    logLevel: "error",
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const { syntheticRun, writeRun } = await server.ssrLoadModule("/test/report/synthetic-run.ts");
  await writeRun(folder, syntheticRun({ problems: PROBLEMS, candidates: CANDIDATES, resamples: 1000 }));
  await server.close();
}

/** In a process of its own, so that its peak of memory is its own. */
function render({ unfinished = false, readability = false } = {}) {
  const from = unfinished ? join(folder, "unfinished") : folder;
  if (unfinished) {
    spawnSync("mkdir", [from]);
    spawnSync("ln", ["-s", join(folder, "problems.jsonl"), from]);
  }
  const url = new URL("../door.mjs", import.meta.url).href;
  const program = `const { open } = await import(${JSON.stringify(url)});
const { renderRun } = await open("renderRun");
const started = performance.now();
await renderRun(${JSON.stringify(from)}, { out: ${JSON.stringify(unfinished || readability ? join(folder, "other") : folder)}, readability: ${readability} });
console.log(JSON.stringify({ ms: performance.now() - started, rssMb: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

async function visit() {
  const command = spawnSync("sh", ["-c", "command -v chromium || command -v google-chrome"], {
    encoding: "utf8",
  });
  const browser = await chromium.launch({ executablePath: command.stdout.trim(), args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(pathToFileURL(join(folder, "report.html")).href);
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const { paint, loaded } = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    loaded: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
  }));
  await page.close();
  const open = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await open.goto(pathToFileURL(join(folder, "report.html")).href);
  /** Milliseconds from doing one thing until so many rows, or that problem, are there and painted. */
  const measure = (what) => open.evaluate(timed, what);
  const list = await measure({ hash: "#problems", rows: PROBLEMS });
  const search = await measure({ text: "lamps" });
  await measure({ text: "", rows: PROBLEMS });
  const cold = [];
  for (const number of [501, 101, 901])
    cold.push(await measure({ hash: `#problem-${number}`, problem: number }));
  const warm = [];
  for (let number = 902; number < 932; number++) warm.push(await measure({ key: "j", problem: number }));
  const heapMb = await open.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  const version = browser.version();
  await browser.close();
  return { paint, loaded, list, search, cold: median(cold), warm: median(warm), heapMb, version };
}

/** Runs in the page. */
function timed({ hash, key, text, rows, problem }) {
  const count = () => document.querySelectorAll("#rows li").length;
  const before = count();
  const isThere = () => {
    if (problem !== undefined)
      return document.getElementById("position").textContent.startsWith(`${problem} of`);
    return rows === undefined ? count() !== before : count() === rows;
  };
  return new Promise((resolve) => {
    const started = performance.now();
    const look = () => {
      if (!isThere()) setTimeout(look);
      else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    };
    if (hash !== undefined) location.hash = hash;
    if (key !== undefined) document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    if (text !== undefined) {
      const field = document.getElementById("search");
      field.value = text;
      field.dispatchEvent(new Event("input"));
    }
    look();
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
