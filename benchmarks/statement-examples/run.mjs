// How well examples are taken from statements, how far mutated inputs stay legal, and what both are worth for selection.
// Run: npm run build && node benchmarks/statement-examples/run.mjs   (--dist FOLDER: another build; --dry: no table written;
//   --only 1,4: measure these sections, keep the others of the table as they are)
// Takes problems and graded candidates from ../shared/data; every program runs in the sandbox.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { fitted } from "../fit-markdown.mjs";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: { dist: { type: "string" }, dry: { type: "boolean" }, only: { type: "string" } },
});
const {
  readProblems,
  exampleTestsOf,
  probeInputs,
  runExamples,
  runProbes,
  openSandbox,
  DEFAULT_LIMITS,
  selectors,
  compareSelectors,
  isMixed,
} = await open(
  "readProblems",
  "exampleTestsOf",
  "probeInputs",
  "runExamples",
  "runProbes",
  "openSandbox",
  "DEFAULT_LIMITS",
  "selectors",
  "compareSelectors",
  "isMixed",
);

const DATA = new URL("../../../shared/data/", import.meta.url);
const PASSING_A_PROBLEM = 2;
const PROBED_PROBLEMS = 200;
const PROBES = 12;
const limits = { ...DEFAULT_LIMITS, cpuMs: 5000, wallMs: 20_000 };

async function problemsOf(path) {
  const problems = [];
  for await (const problem of readProblems(new URL(path, DATA).pathname)) {
    // Examples are taken from the text alone, also where the file brings tests.
    problems.push({ ...problem, exampleTests: [] });
  }
  return problems;
}

async function candidatesOf(path) {
  const text = gunzipSync(await readFile(new URL(path, DATA))).toString();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const percent = (part, whole) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`);

/** Runs tasks with as many at once as the sandbox has workers. */
async function inParallel(items, task) {
  const results = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await task(items[at]);
  };
  await Promise.all(Array.from({ length: sandbox.jobs }, worker));
  return results;
}

const sandbox = await openSandbox({ jobs: 2, preload: ["numpy"] });

const sets = new Map();
for (const [name, path] of [
  ["livecodebench-v5", "problems/livecodebench-v5.jsonl.gz"],
  ["codeforces-hard", "problems/codeforces-hard.jsonl.gz"],
  ["classic", "problems/classic.jsonl.gz"],
  ["HumanEvalPlus", "tests/HumanEvalPlus.jsonl.gz"],
  ["MbppPlus", "tests/MbppPlus.jsonl.gz"],
]) {
  sets.set(name, await problemsOf(path));
}

// Known-passing programs with the examples of their problems
const passing = [];
for (const name of ["livecodebench-v5", "codeforces-hard", "classic"]) {
  const problems = new Map(sets.get(name).map((problem) => [problem.id, problem]));
  const taken = new Map();
  for (const row of await candidatesOf(`pools/${name}.jsonl.gz`)) {
    const codes = taken.get(row.problem_id) ?? new Set();
    const problem = problems.get(row.problem_id);
    if (!row.passed || !problem || codes.size >= PASSING_A_PROBLEM || codes.has(row.code)) continue;
    codes.add(row.code);
    taken.set(row.problem_id, codes);
    passing.push({ name, problem, code: row.code });
  }
}
for (const name of ["HumanEvalPlus", "MbppPlus"]) {
  for (const problem of sets.get(name)) {
    if (problem.hiddenTests?.form === "evalplus")
      passing.push({ name, problem, code: problem.hiddenTests.reference });
  }
}
const judged = passing
  .map((each) => ({ ...each, examples: exampleTestsOf(each.problem) }))
  .filter((each) => each.examples.length > 0);

/** 1. Problems with examples. */
async function coverage() {
  const lines = [];
  lines.push(
    "## Problems whose statement gives at least one example",
    "",
    "| file | form | problems | with examples | examples | any answer | tolerance | any case or order |",
    "|---|---|---|---|---|---|---|---|",
  );
  for (const [name, problems] of sets) {
    const platforms = new Map();
    for (const problem of problems) {
      const platform = String(problem.meta.platform ?? problem.meta.suite ?? "");
      const examples = exampleTestsOf(problem);
      const row = platforms.get(platform) ?? {
        problems: 0,
        some: 0,
        examples: 0,
        any: 0,
        tolerance: 0,
        loose: 0,
      };
      const [first] = examples;
      row.problems++;
      row.some += first === undefined ? 0 : 1;
      row.examples += examples.length;
      row.any += first?.anyAnswer ? 1 : 0;
      row.tolerance += first?.tolerance === undefined ? 0 : 1;
      row.loose += first?.anyCase || first?.anyOrder ? 1 : 0;
      platforms.set(platform, row);
    }
    for (const [platform, row] of platforms) {
      lines.push(
        `| ${name} | ${platform} | ${row.problems} | ${percent(row.some, row.problems)} | ${row.examples} | ${row.any} | ${row.tolerance} | ${row.loose} |`,
      );
    }
  }

  return lines;
}

/** 2. Known-passing candidates on the examples. */
async function passingOnExamples() {
  const lines = [];
  const verdicts = await inParallel(judged, ({ code, problem, examples }) =>
    runExamples(code, problem, examples, { sandbox, limits }),
  );
  lines.push(
    "",
    "## Known-passing programs on the examples",
    "",
    `At most ${PASSING_A_PROBLEM} distinct passing candidates a problem; HumanEvalPlus and MbppPlus: the references.`,
    "",
    "| file | form | programs | fail no example | pass all |",
    "|---|---|---|---|---|",
  );
  const byForm = new Map();
  judged.forEach(({ name, problem }, index) => {
    const key = `${name} | ${problem.meta.platform ?? problem.meta.suite ?? ""}`;
    const row = byForm.get(key) ?? { programs: 0, none: 0, all: 0, failing: new Set() };
    row.programs++;
    if (verdicts[index].includes(false)) row.failing.add(problem.id);
    else row.none++;
    if (verdicts[index].every((verdict) => verdict === true)) row.all++;
    byForm.set(key, row);
  });
  for (const [key, row] of byForm) {
    lines.push(
      `| ${key} | ${row.programs} | ${percent(row.none, row.programs)} | ${percent(row.all, row.programs)} |`,
    );
  }
  for (const [key, row] of byForm) {
    if (row.failing.size > 0)
      lines.push("", `Failing in ${key.replace(" | ", ", ")}: ${[...row.failing].join(", ")}.`);
  }

  return lines;
}

/** 3. Do right programs agree on mutated inputs? */
async function agreementOfPassing() {
  const lines = [];
  const pairs = new Map();
  for (const each of judged.filter(({ name }) => name === "livecodebench-v5")) {
    const pair = pairs.get(each.problem.id) ?? [];
    pair.push(each);
    pairs.set(each.problem.id, pair);
  }
  const unambiguous = [...pairs.values()].filter(
    ([one, two]) =>
      two !== undefined &&
      !one.examples[0].anyAnswer &&
      !one.examples[0].anyOrder &&
      one.examples[0].tolerance === undefined,
  );
  const step = Math.max(1, Math.floor(unambiguous.length / PROBED_PROBLEMS));
  const sample = unambiguous.filter((_, index) => index % step === 0).slice(0, PROBED_PROBLEMS);
  let inputs = 0;
  let agreed = 0;
  let clean = 0;
  await inParallel(sample, async ([one, two]) => {
    const tests = one.examples.map(({ test }) => test);
    const own = new Set(tests.map((test) => JSON.stringify(test.type === "stdio" ? test.input : test.args)));
    const probes = probeInputs(one.problem, tests, { count: PROBES }).filter(
      (probe) => !own.has(JSON.stringify(probe.type === "stdio" ? probe.input : probe.args)),
    );
    const first = await runProbes(one.code, one.problem, probes, { sandbox, limits });
    const second = await runProbes(two.code, two.problem, probes, { sandbox, limits });
    const equal = first.filter((answer, index) => answer === second[index]).length;
    inputs += probes.length;
    agreed += equal;
    clean += equal === probes.length ? 1 : 0;
  });
  lines.push(
    "",
    "## Mutated inputs on which two known-passing programs agree",
    "",
    "Where they differ, the input breaks a rule of the statement that the examples do not show, or one of them is wrong.",
    "",
    "| problems | inputs | agree | problems without any disagreement |",
    "|---|---|---|---|",
    `| ${sample.length} | ${inputs} | ${percent(agreed, inputs)} | ${percent(clean, sample.length)} |`,
  );

  return lines;
}

const number = ({ value, low, high }) => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** 4. Selection on dev. */
async function selection() {
  const lines = [];
  const dev = new Map(
    sets
      .get("livecodebench-v5")
      .filter(({ meta }) => meta.split === "dev")
      .map((problem) => [problem.id, problem]),
  );
  const groups = new Map();
  for (const row of await candidatesOf("pools/livecodebench-v5.jsonl.gz")) {
    if (!dev.has(row.problem_id) || !row.model.includes("Llama-4")) continue;
    const key = `${row.problem_id} ${row.model}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const mixed = [...groups]
    .map(([problemId, rows]) => ({ problemId, rows, passed: rows.map((row) => row.passed) }))
    .filter(isMixed);
  const evidence = new Map();
  const programs = new Map(
    mixed.flatMap(({ rows }) => rows.map((row) => [`${row.problem_id}\0${row.code}`, row])),
  );
  await inParallel([...programs], async ([key, { problem_id: id, code }]) => {
    const problem = dev.get(id);
    const examples = exampleTestsOf(problem);
    if (examples.length === 0) return;
    const tests = examples.map(({ test }) => test);
    const probes = probeInputs(problem, tests, { count: PROBES });
    const answers = await runProbes(code, problem, probes, { sandbox, limits });
    evidence.set(key, {
      exampleResults: await runExamples(code, problem, examples, { sandbox, limits }),
      probeAnswers: answers,
    });
  });
  const pools = mixed.map(({ rows }) =>
    rows.map((row, sampleIndex) => ({
      sampleIndex,
      code: row.code,
      passed: row.passed,
      ...evidence.get(`${row.problem_id}\0${row.code}`),
    })),
  );
  const picks = new Map();
  for (const name of [
    "first",
    "random",
    "longest",
    "shortest",
    "frequent",
    "examples",
    "agreement",
    "codet",
    "examples+agreement",
    "oracle",
  ]) {
    const selector = selectors("mean").get(name);
    picks.set(
      name,
      pools.map((pool) => {
        const selection = selector.select(pool);
        return "unavailable" in selection ? null : selection;
      }),
    );
  }
  const table = compareSelectors(mixed, picks, { baseline: "random" });
  lines.push(
    "",
    `## Selection on dev: Llama-4 Maverick and Scout, N = 5, ${mixed.length} mixed groups`,
    "",
    "Intervals: 95 %, bootstrap over groups.",
    "",
    "| selector | selected | within-problem AUC |",
    "|---|---|---|",
    ...table.selectors.map(
      ({ name, selected, mixed: on }) => `| ${name} | ${number(selected)} | ${number(on.auc)} |`,
    ),
  );
  return lines;
}

const wanted = new Set((values.only ?? "1,2,3,4").split(",").map(Number));
const MEASURES = [coverage, passingOnExamples, agreementOfPassing, selection];
const FILE = new URL("../results/statement-examples.md", import.meta.url);
const old = (await readFile(FILE, "utf8").catch(() => "")).split(/\n(?=## )/).slice(1);
const parts = [];
for (const [index, measure] of MEASURES.entries()) {
  if (wanted.has(index + 1)) parts.push((await measure()).join("\n").trim());
  else if (old[index] !== undefined) parts.push(old[index].trim());
}
await sandbox.close();

const head = [
  "# Examples from statements",
  "",
  "Command: `npm run build && node benchmarks/statement-examples/run.mjs`. Date 2026-11-20, machine 2 cores, 24 GB,",
  `Node 20.20. Programs run in ${sandbox.identity}, 5 s of CPU an input.`,
  "",
];
const report = `${[head.join("\n").trim(), ...parts].join("\n\n")}\n`;
if (values.dry) console.log(report);
else await writeFile(FILE, fitted(report));
