// Readability of recorded programs by prompt, by verdict and by number of functions, paired within problems; and of this
// repository's Chain-of-Function examples. Writes benchmarks/results/readability.md.
import { createReadStream, readdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { open } from "../door.mjs";

const { bootstrapMeans, percentileInterval, auc, programReadability, loadPythonParser } = await open(
  "bootstrapMeans",
  "percentileInterval",
  "auc",
  "programReadability",
  "loadPythonParser",
);

const root = fileURLToPath(new URL("../..", import.meta.url));
const BASE = "original";

/** name, figure of a program or undefined where it has none, decimals, factor */
const MEASURES = [
  ["functions", ({ functions }) => functions, 2, 1],
  ["with docstring, %", (p) => (p.functions === 0 ? undefined : p.documented / p.functions), 1, 100],
  ["longest function, lines", ({ longestFunctionLines }) => longestFunctionLines, 1, 1],
  ["McCabe", ({ complexity }) => complexity, 2, 1],
  ["copied lines, %", (p) => p.duplicatedLines / p.codeLines, 2, 100],
];

await loadPythonParser();
const pool = await readPool();
const examples = await readExamples();
const out = [];
const say = (line = "") => out.push(line);

say(`# Readability of programs

Command: \`npm run build && node benchmarks/readability/run.mjs\`. Date 2026-11-20, machine 2 cores, 24 GB, Node 20.20.

Functions: nested ones too. With docstring: share of a program's functions, over programs that have any. Longest function: from \`def\` to
its last token; all code lines where there is no function. McCabe: mean over a program's functions, as radon 6.0 counts it; module code
where there is none. Copied lines: in a run of three or more that occurs again. Programs that do not parse are left out. Intervals: 95 %,
10,000 bootstrap resamples of problems; a difference is the mean over problems of the difference of the problem's two means, so both sides
saw the same problems.

**What this does not show**: none of the recorded programs was sampled with a Chain-of-Function prompt, so FunPRM's claim that such prompts make
programs more readable is not tested on LLM output here. The pool's four prompts differ in how the statement is told, not in the form
asked of the program. With an LLM at hand: \`funprm bench ... --prompt chain-of-function\` and again with \`--prompt plain\`, then
\`funprm report RUN --readability\` on both.
`);

say(`## codeforces-hard: ${pool.length} programs that parse, by prompt\n`);
say(`| model | prompt | programs | ${MEASURES.map(([name]) => name).join(" | ")} |`);
say(`|---|---|---:|${MEASURES.map(() => "---:").join("|")}|`);
const prompts = [
  BASE,
  ...[...new Set(pool.map(({ prompt }) => prompt))].filter((each) => each !== BASE).toSorted(),
];
const models = [...new Set(pool.map(({ model }) => model))].toSorted();
for (const model of ["all", ...models]) {
  for (const prompt of prompts) {
    const rows = pool.filter((row) => row.prompt === prompt && (model === "all" || row.model === model));
    if (rows.length > 0)
      say(
        `| ${model} | ${prompt} | ${rows.length} | ${MEASURES.map((m) => meanText(rows, m)).join(" | ")} |`,
      );
  }
}

say(`\n## Difference to the prompt \`${BASE}\`, paired within problem and model\n`);
say(`| model | prompt | problems | ${MEASURES.map(([name]) => name).join(" | ")} |`);
say(`|---|---|---:|${MEASURES.map(() => "---:").join("|")}|`);
for (const model of ["all", ...models]) {
  for (const prompt of prompts.filter((each) => each !== BASE)) {
    const rows = pool.filter((row) => model === "all" || row.model === model);
    const is = (wanted) => (row) => row.prompt === wanted;
    if (rows.some(is(prompt))) differenceRow(`${model} | ${prompt}`, rows, is(prompt), is(BASE));
  }
}

say(`\n## Passing against failing programs, paired within problem, model and prompt\n`);
say(`Verdicts of this pool come from few tests (median 5 a problem).\n`);
say(`| programs | | problems | ${MEASURES.map(([name]) => name).join(" | ")} |`);
say(`|---|---|---:|${MEASURES.map(() => "---:").join("|")}|`);
differenceRow(
  "passing | less failing",
  pool,
  ({ passed }) => passed,
  ({ passed }) => !passed,
  ({ model, prompt }) => `${model} ${prompt}`,
);

say(`\n## Does a readable program pass more often?\n`);
say(`Within-group AUC: the chance that a passing program has more of it than a failing one of the same problem, model and prompt; mean over
groups with both, interval over problems. .500 says nothing.\n`);
say(`| measure | groups | AUC |`);
say(`|---|---:|---:|`);
for (const measure of MEASURES) aucRow(measure);

say(`\n## This repository's examples: written by hand in Chain-of-Function form\n`);
say(
  `${examples.problems} problems, ${examples.rows.length} programs; what the form amounts to where it is kept.\n`,
);
say(`| programs | ${MEASURES.map(([name]) => name).join(" | ")} |`);
say(`|---:|${MEASURES.map(() => "---:").join("|")}|`);
say(`| ${examples.rows.length} | ${MEASURES.map((m) => meanText(examples.rows, m)).join(" | ")} |`);

writeFileSync(`${root}benchmarks/results/readability.md`, fitted(`${out.join("\n")}\n`));
console.log(out.join("\n"));

function meanText(rows, [, of, decimals, factor]) {
  const values = rows.map(({ measured }) => of(measured)).filter((value) => value !== undefined);
  return values.length === 0
    ? "–"
    : ((values.reduce((a, b) => a + b, 0) / values.length) * factor).toFixed(decimals);
}

/** Groups have both sides; a problem's difference is the mean over its groups. */
function differenceRow(title, rows, ours, theirs, groupOf = ({ model }) => model) {
  const cells = [];
  let most = 0;
  for (const [, of, decimals, factor] of MEASURES) {
    const groups = new Map();
    for (const row of rows) {
      const side = ours(row) ? 0 : theirs(row) ? 1 : undefined;
      const value = of(row.measured);
      if (side === undefined || value === undefined) continue;
      const key = `${row.problemId} ${groupOf(row)}`;
      const group = groups.get(key) ?? { problemId: row.problemId, sums: [0, 0], counts: [0, 0] };
      group.sums[side] += value;
      group.counts[side]++;
      groups.set(key, group);
    }
    const differences = [...groups.values()]
      .filter(({ counts }) => counts[0] > 0 && counts[1] > 0)
      .map(({ problemId, sums, counts }) => ({
        problemId,
        value: sums[0] / counts[0] - sums[1] / counts[1],
      }));
    const { value, low, high, problems } = overProblems(differences);
    most = Math.max(most, problems);
    const text = (each) => (each * factor).toFixed(decimals);
    cells.push(
      Number.isFinite(value) ? `${value > 0 ? "+" : ""}${text(value)} [${text(low)}, ${text(high)}]` : "–",
    );
  }
  say(`| ${title} | ${most} | ${cells.join(" | ")} |`);
}

function aucRow([name, of]) {
  const groups = new Map();
  for (const row of pool) {
    const value = of(row.measured);
    if (value === undefined) continue;
    const key = `${row.problemId} ${row.model} ${row.prompt}`;
    const group = groups.get(key) ?? { problemId: row.problemId, scores: [], passed: [] };
    group.scores.push(value);
    group.passed.push(row.passed);
    groups.set(key, group);
  }
  const values = [...groups.values()].flatMap(({ problemId, scores, passed }) => {
    const value = auc(scores, passed);
    return value === null ? [] : [{ problemId, value }];
  });
  const { value, low, high } = overProblems(values);
  say(`| ${name} | ${values.length} | ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] |`);
}

/** Mean over problems of the mean over their rows, with a bootstrap interval over problems. */
function overProblems(rows) {
  const problems = new Map();
  for (const { problemId, value } of rows)
    problems.set(problemId, [...(problems.get(problemId) ?? []), value]);
  const values = [...problems.values()].map((each) => each.reduce((a, b) => a + b, 0) / each.length);
  const [means] = bootstrapMeans([values]);
  return {
    problems: values.length,
    value: values.reduce((a, b) => a + b, 0) / values.length,
    ...percentileInterval(means),
  };
}

async function readPool() {
  const rows = [];
  const measures = new Map();
  const file = createReadStream(`${root}../shared/data/pools/codeforces-hard.jsonl.gz`).pipe(createGunzip());
  for await (const line of createInterface({ input: file })) {
    const { problem_id: problemId, model, prompt, code, passed } = JSON.parse(line);
    if (!measures.has(code)) measures.set(code, programReadability(code));
    const measured = measures.get(code);
    if (measured !== null) rows.push({ problemId, model, prompt, passed, measured });
  }
  return rows;
}

async function readExamples() {
  const folders = readdirSync(`${root}examples`, { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  const rows = [];
  for (const { name } of folders) {
    const lines = createInterface({ input: createReadStream(`${root}examples/${name}/candidates.jsonl`) });
    for await (const line of lines) {
      const measured = programReadability(JSON.parse(line).code);
      if (measured !== null) rows.push({ measured });
    }
  }
  return { problems: folders.length, rows };
}
