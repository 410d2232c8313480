// BigCodeBench: what reading and docstring sessions show of the recorded candidates, and which of them the selectors then
// choose. Nothing is fitted. A group is all candidates of a task, the samplers unknown to the choice.
// Run: npm run build && node benchmarks/evidence/bigcodebench.mjs --python PYTHON --cache evidence.jsonl
//   --python PYTHON  an interpreter that has the libraries of BigCodeBench
//   --cache FILE     one line a task; tasks that it holds already are not run again
//   --tasks 0        so many tasks with both verdicts, in a fixed random order (0: all)
//   --all            of all tasks, also those with one verdict: what confidence is judged on
//   --report         no run: the table of what the file holds
// Takes tasks and candidates from ../shared/data; programs run in the sandbox. Counts only, no code.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { open } from "../door.mjs";
import { dataFile, flag, table, writeResult } from "../grading/setup.mjs";
import { bootstrap, foldOf, groupBy, mean, three } from "./statistics.mjs";

const { readProblems, smallEvidence, openSandbox, loadPythonParser, selectors, seededRandom } = await open(
  "readProblems",
  "smallEvidence",
  "openSandbox",
  "loadPythonParser",
  "selectors",
  "seededRandom",
);

const COMMAND = "node benchmarks/evidence/bigcodebench.mjs --python PYTHON";
const PRELOAD =
  "numpy pandas matplotlib.pyplot seaborn scipy.stats sklearn.linear_model sklearn.cluster sklearn.preprocessing requests bs4".split(
    " ",
  );
const cache = flag("--cache", "evidence-bigcodebench.jsonl");
const linesOf = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const known = existsSync(cache) ? linesOf(readFileSync(cache, "utf8")) : [];
if (!process.argv.includes("--report")) await gather();
report();

async function gather() {
  await loadPythonParser();
  const problems = new Map();
  for await (const problem of readProblems(dataFile("tests/BigCodeBench.jsonl.gz")))
    problems.set(problem.id, problem);
  const rows = linesOf(gunzipSync(readFileSync(dataFile("pools/bigcodebench.jsonl.gz"))).toString());
  const random = seededRandom(1);
  const asked = [...groupBy(rows, ({ problem_id }) => problem_id)]
    .filter(
      ([, group]) => process.argv.includes("--all") || new Set(group.map(({ passed }) => passed)).size > 1,
    )
    .map((entry) => ({ entry, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ entry }) => entry);
  const most = Number(flag("--tasks", "0"));
  const done = new Set(known.map(({ id }) => id));
  const sandbox = await openSandbox({ python: flag("--python", "python3"), jobs: 2, preload: PRELOAD });
  let cpuMs = 0;
  const metered = {
    jobs: sandbox.jobs,
    identity: sandbox.identity,
    run: async (job, options) => {
      const result = await sandbox.run(job, options);
      cpuMs += result.cpuMs;
      return result;
    },
  };
  for (const [id, group] of most === 0 ? asked : asked.slice(0, most)) {
    if (done.has(id)) continue;
    cpuMs = 0;
    const codes = group.map(({ code }) => code);
    const evidence = await smallEvidence(problems.get(id), codes, { sandbox: metered });
    const row = {
      id,
      cpuMs: Math.round(cpuMs),
      programs: group.map(({ model, passed, code }, i) => ({
        model,
        passed,
        code: `${codes.indexOf(code)}`.padEnd(code.length, "x"),
        ...evidence[i],
      })),
    };
    known.push(row);
    appendFileSync(cache, `${JSON.stringify(row)}\n`);
    console.error(`${known.length}: ${id}, ${(cpuMs / group.length / 1000).toFixed(1)} CPU s a program`);
  }
  await sandbox.close();
}

/** The candidates of a task as a selector sees them; `drop` names the evidence that is taken out. */
function poolOf({ programs }, drop = []) {
  return programs.map(({ code, soundness, exampleResults, probeAnswers }, sampleIndex) => ({
    sampleIndex,
    code,
    ...(soundness !== undefined && !drop.includes("soundness") && { soundness }),
    ...(exampleResults?.length > 0 && !drop.includes("examples") && { exampleResults }),
    ...(probeAnswers?.length > 0 && !drop.includes("votes") && { probeAnswers }),
  }));
}

function shareOf(selection, programs) {
  const all = programs.map(({ passed }) => Number(passed));
  if ("unavailable" in selection || selection.best.length === 0) return mean(all);
  return mean(selection.best.map((index) => all[index]));
}

function report() {
  const mixed = known.filter(({ programs }) => new Set(programs.map(({ passed }) => passed)).size > 1);
  const byName = selectors("mean");
  const auto = (drop) => (row) => shareOf(byName.get("auto").select(poolOf(row, drop)), row.programs);
  const chance = (row) => mean(row.programs.map(({ passed }) => Number(passed)));
  const ways = {
    random: chance,
    longest: (row) => shareOf(byName.get("longest").select(poolOf(row)), row.programs),
    "reading alone": auto(["examples", "votes"]),
    "docstring alone": auto(["soundness", "votes"]),
    "votes alone": auto(["soundness", "examples"]),
    "without reading": auto(["soundness"]),
    "without the docstring": auto(["examples"]),
    "without votes": auto(["votes"]),
    auto: auto([]),
  };
  const rows = Object.entries(ways).map(([name, way]) => {
    const values = mixed.map(way);
    const gains = mixed.map((row, i) => values[i] - chance(row));
    const [low, high] = bootstrap(mixed.map(({ id }, i) => [id, gains[i]]));
    const blind = mixed.filter((row, i) => gains[i] === 0).length;
    return [
      name,
      three(mean(values)),
      `${three(mean(gains))} [${three(low)}, ${three(high)}]`,
      name === "random" || name === "longest" ? "" : blind,
    ];
  });
  const headroom = mean(mixed.map(auto([]))) - mean(mixed.map(chance));
  const folds = [0, 1, 2, 3, 4].map((fold) => {
    const held = mixed.filter(({ id }) => foldOf(id, 5) === fold);
    return three(mean(held.map(auto([]))));
  });
  const cost = known.map(({ cpuMs, programs }) => cpuMs / programs.length / 1000).toSorted((a, b) => a - b);
  writeResult("evidence-bigcodebench", COMMAND, [
    `${mixed.length} tasks with both verdicts, ${mixed.reduce((sum, { programs }) => sum + programs.length, 0)} candidates, pooled.`,
    "",
    ...table(["chosen by", "right", "more than random", "tasks that it leaves open"], rows),
    "",
    `\`auto\` by fold of tasks: ${folds.join(", ")}. It reaches ${((100 * headroom) / (1 - mean(mixed.map(chance)))).toFixed(0)} % of the headroom.`,
    "",
    `CPU time a program: median ${cost[Math.floor(cost.length / 2)]?.toFixed(1)} s, p95 ${cost[Math.floor(cost.length * 0.95)]?.toFixed(1)} s.`,
  ]);
}
