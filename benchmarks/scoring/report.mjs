// Writes benchmarks/results/scoring.md and scoring.svg from what run.mjs and sweep.mjs measured.
import { writeFileSync } from "node:fs";
import { fitted } from "../fit-markdown.mjs";
import { spearman } from "../parity/correlation.mjs";
import { costChart } from "./chart.mjs";
import { readResult } from "./setup.mjs";

const out = (name) => new URL(`../results/${name}`, import.meta.url);
const run = readResult("run", null);
const sweep = readResult("sweep", null);
const bundled = readResult("bundled", null);
const OURS = "d funprm int8";
const REFERENCE = "a prefix fp32";
/** PyTorch's rewards closer than this are a tie: float32 sums in another order differ by as much. */
const TIE = 2e-6;

const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const quantile = (numbers, q) =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(q * numbers.length))];
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Median and quartiles over problems. */
const ratio = (numbers) =>
  numbers.length === 0
    ? "-"
    : `${quantile(numbers, 0.5).toFixed(2)} [${quantile(numbers, 0.25).toFixed(2)}, ${quantile(numbers, 0.75).toFixed(2)}]`;

function costs({ peaks }, entries) {
  const names = [...new Set(entries.flatMap(({ ways }) => Object.keys(ways)))];
  return table(
    [
      "way",
      "problems",
      "tokens a problem",
      "s",
      "CPU s",
      "peak MB",
      "times funprm int8, wall",
      "times funprm int8, CPU",
    ],
    names.map((name) => {
      const own = entries.filter(({ ways }) => ways[name] !== undefined);
      const of = (key) => own.map(({ ways }) => ways[name][key]);
      const against = (key) => own.map(({ ways }) => ways[name][key] / ways[OURS][key]);
      return [
        name,
        own.length,
        Math.round(mean(of("tokens"))),
        mean(of("seconds")).toFixed(1),
        mean(of("cpuSeconds")).toFixed(1),
        peaks[name],
        ratio(against("seconds")),
        ratio(against("cpuSeconds")),
      ];
    }),
  );
}

/** Rewards per program from the flat list of prefixes' rewards. */
function perProgram(prefixRewards, like) {
  const flat = prefixRewards.flat();
  let from = 0;
  return like.map((rewards) => flat.slice(from, (from += rewards.length)));
}

function agreement(entries) {
  const own = entries.filter(({ ways }) => ways[REFERENCE] !== undefined);
  let gap = 0;
  let same = 0;
  const [exact, int8] = [[], []];
  for (const { ways } of own) {
    const fp32 = ways["d funprm fp32"].rewards;
    const reference = perProgram(ways[REFERENCE].rewards, fp32);
    for (const [program, rewards] of reference.entries()) {
      for (const [step, reward] of rewards.entries())
        gap = Math.max(gap, Math.abs(reward - fp32[program][step]));
    }
    const [a, b] = [reference, fp32].map((programs) => programs.map(mean));
    const pairs = a.flatMap((x, i) => a.slice(i + 1).map((y, j) => [x - y, b[i] - b[i + 1 + j]]));
    if (pairs.every(([x, y]) => Math.abs(x) <= TIE || x * y > 0)) same += 1;
  }
  for (const { ways } of entries) {
    exact.push(...ways["d funprm fp32"].rewards.flat());
    int8.push(...ways[OURS].rewards.flat());
  }
  return [
    ["fp32 against PyTorch, one pass per prefix: largest difference", gap.toExponential(1), "1e-4"],
    ["problems with PyTorch's ranking", `${same} of ${own.length}`, "all"],
    [
      `int8 against fp32: rank correlation of ${int8.length} step rewards`,
      spearman(int8, exact).toFixed(4),
      ".99",
    ],
    [
      "tokens computed over distinct tokens, largest",
      Math.max(...entries.map(({ ways, distinct }) => ways[OURS].tokens / distinct)).toFixed(3),
      "1.05",
    ],
    [
      "time over the bare session's: fp32, int8 (wall)",
      ["fp32", "int8"]
        .map((weights) =>
          ratio(
            entries.map(
              ({ ways }) => ways[`d funprm ${weights}`].seconds / ways[`bare session ${weights}`].seconds,
            ),
          ),
        )
        .join(", "),
      "1.3",
    ],
    [
      "the same in CPU time",
      ["fp32", "int8"]
        .map((weights) =>
          ratio(
            entries.map(
              ({ ways }) =>
                ways[`d funprm ${weights}`].cpuSeconds / ways[`bare session ${weights}`].cpuSeconds,
            ),
          ),
        )
        .join(", "),
      "1.3",
    ],
  ];
}

function sweepTable() {
  return table(
    ["statement", "N", "one pass per prefix", "one pass per program", "funprm", "times fewer", "s", "CPU s"],
    sweep.rows.map((row) => [
      row.statement,
      row.size,
      Math.round(row.perPrefix),
      Math.round(row.perProgram),
      Math.round(row.tree),
      (row.perPrefix / row.tree).toFixed(1),
      row.timed_seconds?.toFixed(1) ?? "-",
      row.timed_cpuSeconds?.toFixed(1) ?? "-",
    ]),
  );
}

function addCases(result, prefix) {
  for (const [name, entries] of Object.entries(result?.cases ?? {})) {
    if (entries.length === 0) continue;
    const steps = mean(entries.map(({ steps, candidates }) => steps / candidates)).toFixed(1);
    const statement = Math.round(mean(entries.map(({ statementTokens }) => statementTokens)));
    parts.push(
      `## ${prefix}${name}: ${entries.length} problems, ${steps} steps a program, ${statement} tokens a statement`,
      costs(result, entries),
      table(["must hold", "found", "bound"], agreement(entries)),
    );
  }
}

const parts = ["# Scoring N programs for the price of one prompt"];
if (run !== null) {
  parts.push(`Qwen2 of the 0.5B shape (width 896, 14 heads, 2 key heads) with 8 layers and random weights, 8 candidates a problem,
2 threads. Every way scores a problem before the next problem comes, so all meet the same conditions. "a" and "b" are
PyTorch: one pass per prefix, 16 to a padded batch (without the logits over the vocabulary that public code computes
too), and one pass per different program in bf16, which this processor computes natively. "c" is transformers.js, one
pass per prefix. PyTorch and transformers.js get token ids ready made; funprm's time begins with text. Where other work
runs on the cores, wall times are too long, and ratios of CPU time hardly depend on it. Load average at the end: ${run.load}.
Brackets: quartiles over problems.`);
}
addCases(run, "");
if (sweep !== null) {
  parts.push(`## Tokens as N and statements grow

Mean of ${sweep.problems} Codeforces problems with different programs; statements repeated or cut to length. Seconds: int8 on ${sweep.timed} of them (-: not timed).

![tokens and N](scoring.svg)`);
  parts.push(sweepTable());
  if (sweep.memory.length > 0) {
    parts.push(
      "## Peak memory under --max-memory\n\nint8, statement of 2,000 tokens; MB of the scoring process (MiB).",
      table(
        ["bound", "N", "peak", "statement tokens cut"],
        sweep.memory.map(({ bound, size, peak, cut }) => [bound, size, peak, cut]),
      ),
    );
  }
  writeFileSync(out("scoring.svg"), costChart(sweep.rows));
}
if (bundled !== null) {
  parts.push(`## The bundled PRM

An encoder of 22.7 M weights: every prefix needs a pass of its own, and what can be saved are equal prefixes, padding and
PyTorch itself. "b" computes different prefixes once, in bf16, rows of like length together. int8 rewards depend on what is computed
with them, so such rows travel alone. Load average at the end: ${bundled.load}.`);
  addCases(bundled, "Bundled PRM, ");
}
parts.push(
  "Made by `npm run build`, `training/.venv/bin/python benchmarks/scoring/prepare.py` and `node benchmarks/scoring/SCRIPT.mjs` " +
    "(`run`, `sweep`, `bundled`, `report`, in this order) on 2026-11-20, 2 cores, 24 GB, Node 20.20.",
);
writeFileSync(out("scoring.md"), fitted(`${parts.join("\n\n")}\n`));
process.stdout.write(`${parts.join("\n\n")}\n`);
