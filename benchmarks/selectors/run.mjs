// `funprm bench` on the recorded pools of ../shared, and its tables as Markdown.
// node benchmarks/selectors/run.mjs dev|humaneval|codeforces|codeforces-run|livecodebench [dist]; resumable, runs are kept in
// .funprm/bench. A third argument names a finished run, of which only the table is written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fitted, WIDTH } from "../fit-markdown.mjs";
import { codeforces, livecodebench, writeCodegen, writeDev } from "./pools.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const kept = join(root, ".funprm", "bench");

/** Controls and execution; the bundled PRM, which is no better than chance, would be hours of work here. */
const WITHOUT_PRM =
  "first,random,longest,shortest,frequent,examples,agreement,codet,examples+agreement,examples+scale+agreement,examples+agreement+scale,oracle";

const RUNS = {
  dev: {
    title:
      "Every selector on dev: 166 problems of livecodebench-v5, Llama-4 Maverick and Scout, N=5 each and pooled N=10",
    pool: () => writeDev(kept),
    args: ["--pooled", "--mixed-only"],
  },
  humaneval: {
    title: "HumanEval+ with 64 samples of CodeGen-16B each, graded here",
    pool: () => writeCodegen(kept, 64),
    args: ["--mixed-only", "--select", "examples+agreement", "--selectors", WITHOUT_PRM],
    suite: "humanevalplus",
  },
  codeforces: {
    title: "codeforces-hard: 6 models x 4 prompts, N about 10, weak tests: what needs no program to run",
    pool: codeforces,
    args: ["--by", "model,prompt", "--mixed-only", "--skip-execution", "--select", "frequent"],
    more: ["--selectors", "first,random,longest,shortest,frequent,oracle"],
  },
  "codeforces-run": {
    title: "codeforces-hard: 6 models x 4 prompts, N about 10, weak tests: with what programs do",
    pool: codeforces,
    args: ["--by", "model,prompt", "--mixed-only", "--select", "examples+agreement"],
    more: [
      "--selectors",
      "first,random,longest,shortest,frequent,examples,agreement,codet,examples+agreement,oracle",
    ],
  },
  livecodebench: {
    title: "livecodebench-v5: 880 problems, eleven samplers pooled",
    pool: livecodebench,
    args: [
      "--by",
      "none",
      "--mixed-only",
      "--selectors",
      WITHOUT_PRM,
      "--select",
      "examples+agreement+scale",
    ],
  },
};

const [name = "", dist = "dist", finished] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) throw new Error(`expected one of ${Object.keys(RUNS).join(", ")}; got "${name}"`);
const { problems, candidates } = await run.pool();
const out = finished ?? join(kept, `selectors-${name}`);
const args = ["bench", ...(run.suite === undefined ? [] : [run.suite])];
args.push("--pool", candidates, "--problems", problems, ...run.args, ...(run.more ?? []), "--out", out);
if (finished === undefined) await bench();
await writeFile(new URL(`../results/selectors-${name}.md`, import.meta.url), fitted(markdown()));

async function bench() {
  const child = spawn(process.execPath, [join(root, dist, "main.js"), ...args], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exit(code ?? 1);
}

function markdown() {
  const views = ["", ...folders("by-sampler"), ...(existsSync(join(out, "pooled")) ? ["pooled"] : [])];
  const shown = args.slice(1, -1).map((arg) => (arg.startsWith("/") ? arg.split("/").at(-1) : arg));
  return [
    `# ${run.title}`,
    "",
    `\`node benchmarks/selectors/run.mjs ${name}\` after \`npm run build\` (needs the shared data); 2026-11-20, 2 cores, 24 GB, Node 20.20. It runs`,
    "",
    "```",
    ...shellLines(["funprm", "bench", ...shown, `selectors-${name}`]),
    "```",
    "",
    "Shares in percent with 95 % bootstrap intervals over problems; *mixed* and *AUC* on rows with both outcomes; differences in points, paired;",
    "+/− are rows that only the selector, only the baseline solves, by the candidate that would be used; p of McNemar's exact test.",
    "",
    ...views.flatMap(section),
  ].join("\n");
}

function folders(below) {
  const folder = join(out, below);
  return existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .map((each) => join(below, each))
    : [];
}

function section(view) {
  const data = JSON.parse(readFileSync(join(out, view, "results.json"), "utf8"));
  const { comparison, sweeps, groups, notes, passAtK } = data;
  const mixedRandom =
    comparison.mixed.problems === 0 ? "" : `, random ${percent(comparison.mixed.random)} there`;
  return [
    `## ${data.title.split(", ").slice(1).join(", ")}`,
    "",
    `${comparison.problems} rows, ${comparison.candidates} candidates, ${comparison.mixed.problems} mixed${mixedRandom}. Random ${interval(comparison.random)}, oracle ${interval(comparison.oracle)}. ${passAtK.map(({ k, value }) => `pass@${k} ${percent(value)}`).join(", ")}`,
    "",
    "| selector | selected | headroom recovered | mixed | AUC |",
    "|---|---|---|---|---|",
    ...comparison.selectors.map((row) =>
      cells([
        row.name,
        interval(row.selected),
        row.headroomRecovered === null ? "–" : interval(row.headroomRecovered),
        row.mixed === null ? "–" : interval(row.mixed.selected),
        row.mixed === null ? "–" : interval(row.mixed.auc),
      ]),
    ),
    "",
    `| selector | against ${comparison.baseline} | +/− | p | blind |`,
    "|---|---|---|---|---|",
    ...comparison.selectors.map((row) =>
      cells([
        row.name,
        interval(row.difference.selected),
        `${row.difference.gained.length}/${row.difference.lost.length}`,
        row.difference.pValue < 0.001 ? "<.001" : row.difference.pValue.toFixed(3),
        row.blind,
      ]),
    ),
    "",
    ...(sweeps.length === 0 ? [] : sweepTable(sweeps)),
    ...(view === "" ? groups.flatMap(groupTable) : []),
    ...notes.map((note) => `- ${note}`),
    "",
  ];
}

function sweepTable(sweeps) {
  const sizes = sweeps[0].points.map(({ n }) => n);
  return [
    cells(["selected of N", ...sizes]),
    cells(["---", ...sizes.map(() => "---")]),
    ...sweeps.map(({ selector, points }) =>
      cells([
        selector,
        ...points.map(({ selected, low, high }) =>
          low === high ? percent(selected) : `${percent(selected)} (${percent(low)} to ${percent(high)})`,
        ),
      ]),
    ),
    "",
    "Means over 20 random subsets, their range in brackets.",
    "",
  ];
}

function groupTable({ name: group, values }) {
  const rows = values[0].comparison.selectors.map(({ name: selector }, at) =>
    cells([selector, ...values.map(({ comparison }) => interval(comparison.selectors[at].selected))]),
  );
  const head = [`by ${group}`, ...values.map(({ value, comparison }) => `${value} (${comparison.problems})`)];
  return [cells(head), cells(head.map(() => "---")), ...rows, ""];
}

function cells(values) {
  return `| ${values.join(" | ")} |`;
}

/** A command in lines of at most WIDTH characters that a shell joins again; a long list breaks at a comma. */
function shellLines(words) {
  const lines = [""];
  for (const [index, word] of words.entries()) {
    const space = index === 0 ? "" : " ";
    if (lines.at(-1).length + word.length + 3 <= WIDTH) lines.push(`${lines.pop()}${space}${word}`);
    else {
      lines.push(`${lines.pop()} \\`, "");
      for (const part of word.split(/(?<=,)/)) {
        if (lines.at(-1).length + part.length + 1 > WIDTH) lines.push(`${lines.pop()}\\`, "");
        lines.push(`${lines.pop()}${part}`);
      }
    }
  }
  return lines;
}

function percent(share) {
  return share === null || share === undefined ? "–" : (100 * share).toFixed(1);
}

function interval({ value, low, high }) {
  return low === null ? percent(value) : `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}
