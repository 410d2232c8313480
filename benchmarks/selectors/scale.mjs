// Time and memory of statistics and report at the size of a LiveCodeBench release: 1,055 problems x 16 made-up candidates.
// node benchmarks/selectors/scale.mjs [--dist FOLDER]
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitted } from "../fit-markdown.mjs";
import { open } from "../door.mjs";

const { assemble, writeRun, selectors, seededRandom, loadPythonParser, splitSteps, renderRun } = await open(
  "assemble",
  "writeRun",
  "selectors",
  "seededRandom",
  "loadPythonParser",
  "splitSteps",
  "renderRun",
);
await loadPythonParser();

const PROBLEMS = 1055;
const CANDIDATES = 16;
const random = seededRandom(1);
const started = performance.now();
const gathered = Array.from({ length: PROBLEMS }, (_, p) => group(p));
const all = [...selectors("mean").values()];
const seconds = { "made-up pool": lap() };
const assembled = assemble(gathered, {
  title: "made up",
  complete: true,
  producedBy: {},
  notes: [],
  selectors: all,
  asked: new Set(),
  baseline: "random",
  shown: "auto",
  seed: 0,
  aggregate: "mean",
  split: (code) => splitSteps(code, "function"),
});
seconds["choices of all selectors, statistics (10,000 resamples, 3 groupings), sweep of N"] = lap();
const folder = await mkdtemp(join(tmpdir(), "funprm-scale-"));
try {
  await writeRun(folder, assembled);
  seconds["results.json and problems.jsonl"] = lap();
  const page = await renderRun(folder);
  seconds["report.html, .md, .json, .csv, junit.xml"] = lap();
  const size = async (name) => `${((await stat(join(folder, name))).size / 2 ** 20).toFixed(1)} MiB`;
  const { comparison } = assembled.data;
  const table = [
    "# Statistics and report at the size of a release",
    "",
    "`node benchmarks/selectors/scale.mjs` after `npm run build`; 2026-11-20, 2 cores, 24 GB, Node 20.20.",
    "",
    `${comparison.problems} made-up problems x ${CANDIDATES} candidates of about 40 lines, ${comparison.mixed.problems} of them mixed, ${comparison.selectors.length} selectors.`,
    "",
    "| step | CPU seconds | seconds on a busy machine |",
    "|---|---|---|",
    ...Object.entries(seconds).map(
      ([name, { cpu, wall }]) => `| ${name} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} |`,
    ),
    "",
    `Peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB; problems.jsonl ${await size("problems.jsonl")}, report.html ${((await stat(page)).size / 2 ** 20).toFixed(1)} MiB.`,
    "",
  ].join("\n");
  await writeFile(new URL("../results/selectors-scale.md", import.meta.url), fitted(table));
  process.stdout.write(table);
} finally {
  await rm(folder, { recursive: true });
}

function lap() {
  const { user, system } = process.cpuUsage();
  const now = { wall: performance.now() / 1000, cpu: (user + system) / 1e6 };
  const before = lap.last ?? { wall: started / 1000, cpu: 0 };
  lap.last = now;
  return { wall: now.wall - before.wall, cpu: now.cpu - before.cpu };
}

function group(p) {
  const level = random.next();
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => candidate(p, i, level));
  const problem = {
    id: `made-up/${p}`,
    title: `Problem ${p}`,
    statement: "Read n numbers and print what is asked for.\n".repeat(40),
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta: { difficulty: ["easy", "medium", "hard"][p % 3], platform: ["one", "two", "three"][(p % 7) % 3] },
  };
  const bench = candidates.map(({ code, sampleIndex }) => ({
    code,
    sampleIndex,
    codeSha256: code,
    sampler: "x",
    warnings: [],
  }));
  return {
    group: { id: problem.id, problem, candidates: bench },
    pool: candidates,
    judgements: candidates.map(({ passed }) => ({ passed })),
    scores: candidates.map(({ rewards, programReward }) => ({ rewards, programReward, warnings: [] })),
    settled: false,
  };
}

function candidate(p, sampleIndex, level) {
  const passed = random.next() < level;
  const functions = 1 + random.below(5);
  const code = Array.from({ length: functions }, (_, f) => functionText(p, sampleIndex, f)).join("\n\n");
  return {
    sampleIndex,
    code,
    passed,
    rewards: Array.from({ length: functions }, () => random.next()),
    programReward: random.next(),
    exampleResults: Array.from({ length: 3 }, () => passed || random.next() < 0.5),
    probeAnswers: [passed ? "right" : `wrong ${random.below(6)}`],
    largeInputsAnswered: random.below(4),
  };
}

function functionText(p, i, f) {
  const lines = Array.from(
    { length: 8 + random.below(8) },
    (_, l) => `    value_${l} = (n * ${l + p} + ${i}) % ${f + 7}`,
  );
  return [`def step_${f}(n):`, '    """Does its part."""', ...lines, "    return n", ""].join("\n");
}
