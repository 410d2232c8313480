// The pictures of the README, from real runs on the examples: solve.svg, a terminal, and report.png, the page of a bench.
// Run: npm run build && node docs/pictures/make.mjs      (needs the sandbox; report.png needs Chromium)
//   --only svg|png   one of them
//   --examples a,b   the examples that the bench is on (default: all eight, minutes of computing)
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values } = parseArgs({ options: { only: { type: "string" }, examples: { type: "string" } } });
const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "dist/main.js");
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "funprm-pictures-"));

function funprm(...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`funprm ${args.join(" ")} ended with ${status}: ${stderr}`);
  return { stdout, stderr };
}

const WIDTH = 96;
const CHARACTER = 8.05;
const LINE = 19;

/** Lines of at most WIDTH characters, broken at blanks; what follows is indented like the first. */
function wrapped(text) {
  const indent = /^ */.exec(text)[0];
  const lines = [];
  const [first, ...words] = text.trimStart().split(" ");
  let line = `${indent}${first}`;
  for (const word of words) {
    if (`${line} ${word}`.length > WIDTH) {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else line = `${line} ${word}`;
  }
  return [...lines, line];
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function terminal(rows) {
  const lines = rows.flatMap(({ kind, text }) =>
    wrapped(text).map((line, i) => ({ kind, line, isFirst: i === 0 })),
  );
  const height = (lines.length + 1) * LINE + 34;
  const width = Math.round((WIDTH + 4) * CHARACTER);
  const texts = lines.map(({ kind, line }, i) => {
    const y = 46 + i * LINE;
    return `<text class="${kind}" x="16" y="${y}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="funprm solve at work in a terminal">
<style>
svg { font: 13.3px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.frame { fill: #fbfbfa; stroke: #d0d0cc; }
.dot { fill: #d0d0cc; }
.command { fill: #111; font-weight: 700; }
.note { fill: #1f5fa8; }
.data { fill: #444; }
@media (prefers-color-scheme: dark) {
  .frame { fill: #16181b; stroke: #3a3d42; }
  .dot { fill: #3a3d42; }
  .command { fill: #f2f2f0; }
  .note { fill: #7fb4ee; }
  .data { fill: #b8b8b4; }
}
</style>
<rect class="frame" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle class="dot" cx="18" cy="16" r="5"/><circle class="dot" cx="34" cy="16" r="5"/><circle class="dot" cx="50" cy="16" r="5"/>
${texts.join("\n")}
</svg>
`;
}

function drawSolve() {
  const problem = "examples/interval-merge/problem.json";
  const pool = "examples/interval-merge/candidates.jsonl";
  const answer = join(folder, "answer.py");
  const solved = funprm("solve", problem, "--candidates", pool);
  writeFileSync(answer, solved.stdout);
  const graded = funprm("grade", answer, "--problem", problem);
  const { passed, passed_tests, total_tests } = JSON.parse(graded.stdout);
  const code = solved.stdout.split("\n");
  const rows = [
    { kind: "command", text: `$ funprm solve problem.json --candidates candidates.jsonl > answer.py` },
    ...solved.stderr
      .trimEnd()
      .split("\n")
      .map((text) => ({ kind: "note", text })),
    { kind: "command", text: "$ head -7 answer.py" },
    ...code.slice(0, 7).map((text) => ({ kind: "data", text })),
    {
      kind: "command",
      text: "$ funprm grade answer.py --problem problem.json | jq -c '{passed, passed_tests, total_tests}'",
    },
    { kind: "data", text: JSON.stringify({ passed, passed_tests, total_tests }) },
  ];
  writeFileSync(join(here, "solve.svg"), terminal(rows));
}

async function drawReport() {
  const names = readdirSync(join(root, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => values.examples === undefined || values.examples.split(",").includes(name));
  const problems = join(folder, "problems.jsonl");
  const records = names.map((name) =>
    JSON.parse(readFileSync(join(root, "examples", name, "problem.json"), "utf8")),
  );
  writeFileSync(problems, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const pools = names.map((name) => `examples/${name}/candidates.jsonl`);
  const out = join(folder, "results");
  funprm("bench", "--pool", ...pools, "--problems", problems, "--by", "none", "--out", out, "--quiet");
  const executablePath = execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], {
    encoding: "utf8",
  }).trim();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, colorScheme: "light" });
  await page.goto(`file://${join(out, "report.html")}`);
  await page.screenshot({ path: join(here, "report.png") });
  await browser.close();
}

if (values.only !== "png") drawSolve();
if (values.only !== "svg") await drawReport();
rmSync(folder, { recursive: true });
