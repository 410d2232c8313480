// The search for the line of no return against labels of every line, on the same completions: failing programs of
// livecodebench-v5's train problems, continued by the pool. Verdicts are kept in --verdicts, so a killed run goes on.
import { dataFile, flag, progress, table, writeResult } from "../grading/setup.mjs";
import { open } from "../door.mjs";

const {
  candidateOptions,
  readCandidates,
  readProblems,
  slugOf,
  withSuiteTests,
  loadPythonParser,
  openSandbox,
  labelLines,
  lineProgram,
  splicePolicy,
  EntryStore,
  storedOutcomes,
} = await open(
  "candidateOptions",
  "readCandidates",
  "readProblems",
  "slugOf",
  "withSuiteTests",
  "loadPythonParser",
  "openSandbox",
  "labelLines",
  "lineProgram",
  "splicePolicy",
  "EntryStore",
  "storedOutcomes",
);

const K = 20;
const most = Number(flag("--programs", "150"));
const perProblem = 2;
const seed = 0;

const suite = new Map();
for await (const tests of readProblems(dataFile("tests/leetcode-for-livecodebench.jsonl.gz")))
  suite.set(tests.title ?? tests.id, tests);
const problems = new Map();
for await (const problem of readProblems(dataFile("problems/livecodebench-v5.jsonl.gz"))) {
  const tests = suite.get(slugOf(problem.title ?? ""));
  if (problem.meta.split === "train" && tests !== undefined)
    problems.set(problem.id, withSuiteTests(problem, tests));
}
await loadPythonParser();
const pool = new Map();
for await (const candidate of readCandidates(
  [dataFile("pools/livecodebench-v5.jsonl.gz")],
  candidateOptions(problems),
)) {
  if (!problems.has(candidate.problemId) || candidate.code.trim() === "") continue;
  const known = pool.get(candidate.problemId) ?? new Map();
  if (!known.has(candidate.code)) known.set(candidate.code, candidate);
  pool.set(candidate.problemId, known);
}
const lines = new Map([...pool].map(([id, known]) => [id, [...known.values()].map(lineProgram)]));
const failing = [...lines.values()].flatMap((group) =>
  group
    .filter(({ candidate, ofCode }) => candidate.passed === false && ofCode.length > 1)
    .slice(0, perProblem),
);
// Every so many, so that a smaller run holds problems of all ages.
const stride = Math.max(1, failing.length / most);
const chosen = Array.from(
  { length: Math.min(most, failing.length) },
  (_, at) => failing[Math.floor(at * stride)],
);

const sandbox = await openSandbox({ jobs: Number(flag("--jobs", "2")) });
const store = await EntryStore.open(flag("--verdicts", ".funprm/benchmark-lines"));
const lookup = async (id) => problems.get(id);
// Spliced loops often never end; a limit is as good as the other for comparing labels of one kind with another.
const grade = { timeoutMs: 2000, confirmTimeouts: false, stopAtFirstFailure: true };
const known = await storedOutcomes(store, { lookup, sandbox, grade, signal: new AbortController().signal });
const labelled = { exhaustive: [], search: [] };
try {
  for (const label of ["exhaustive", "search"]) {
    const tick = progress(label);
    for await (const program of labelLines(chosen, {
      lookup,
      policy: splicePolicy(lines, seed),
      rollouts: K,
      label,
      sandbox,
      grade: { ...grade, known },
    })) {
      labelled[label].push(program);
      tick();
    }
  }
} finally {
  await store.close();
  await sandbox.close();
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
const pairs = labelled.exhaustive
  .map((exhaustive, at) => ({ exhaustive, search: labelled.search[at] }))
  .filter(({ exhaustive }) => exhaustive.passed === false);
const both = pairs.flatMap(({ exhaustive, search }) =>
  exhaustive.labels.flatMap((label, line) =>
    label === null || search.labels[line] === null ? [] : [[label, search.labels[line]]],
  ),
);
const equal = both.filter(([a, b]) => a === b).length;
const foundAgain = ({ labels }) => {
  const known = labels.filter((label) => label !== null);
  return known.filter((label, at) => label === 1 && known[at - 1] === -1).length;
};
const probes = (program) => program.probes.filter((probe) => probe !== undefined);
const count = (name) => sum(pairs.map((pair) => probes(pair[name]).length));
const judged = (name) => sum(pairs.map((pair) => sum(probes(pair[name]).map((probe) => probe.K))));
const T = pairs.map(({ exhaustive }) => exhaustive.labels.length);
const groups = [
  ["all", () => true],
  ["no violation", ({ exhaustive }) => foundAgain(exhaustive) === 0],
  ["some violation", ({ exhaustive }) => foundAgain(exhaustive) > 0],
];
const rows = groups.map(([name, belongs]) => {
  const group = pairs.filter(belongs);
  const known = group.flatMap(({ exhaustive, search }) =>
    exhaustive.labels.flatMap((label, line) =>
      label === null || search.labels[line] === null ? [] : [Number(label === search.labels[line])],
    ),
  );
  const sameLine = group.filter(
    ({ exhaustive, search }) => exhaustive.labels.lastIndexOf(1) === search.labels.lastIndexOf(1),
  ).length;
  return [name, group.length, known.length, share(sum(known), known.length), share(sameLine, group.length)];
});
const unknown = sum(
  pairs.map(({ exhaustive }) => exhaustive.labels.filter((label) => label === null).length),
);
const recoverable = sum(
  pairs.map(({ exhaustive }) => exhaustive.labels.filter((label) => label === 1).length),
);
writeResult("line-labels", `node benchmarks/lines/search.mjs --programs ${most}`, [
  "# Labels of lines: search against every line",
  "",
  `${pairs.length} failing programs of ${new Set(pairs.map(({ exhaustive }) => exhaustive.program.candidate.problemId)).size} ` +
    `train problems of livecodebench-v5 that have LeetCode tests, ${perProblem} a problem at most, ${(sum(T) / T.length).toFixed(1)} ` +
    `lines of code on average (${Math.min(...T)} to ${Math.max(...T)}). Prefixes are continued by the pool as it goes on ` +
    `behind the same line, K = ${K} at most; the two kinds of labels see the same completions with the same verdicts.`,
  "",
  ...table(["programs", "number", "lines with both labels", "equal labels", "same last good line"], rows),
  "",
  `A violation is a line that is lost before a line that is not: the search cannot see it. ` +
    `${sum(pairs.map(({ exhaustive }) => foundAgain(exhaustive)))} of ${both.length} lines begin such a stretch, in ` +
    `${pairs.filter(({ exhaustive }) => foundAgain(exhaustive) > 0).length} of ${pairs.length} programs. ` +
    `${recoverable} lines are +1. ${unknown} lines have no label: nobody in the pool goes on behind them, or nothing was judged.`,
  "",
  ...table(
    ["", "every line", "search", "saved"],
    [
      [
        "prefixes completed",
        count("exhaustive"),
        count("search"),
        share(count("exhaustive") - count("search"), count("exhaustive")),
      ],
      [
        "completions judged",
        judged("exhaustive"),
        judged("search"),
        share(judged("exhaustive") - judged("search"), judged("exhaustive")),
      ],
      [
        "sum of T - 1; of log2 T, rounded up",
        sum(T.map((n) => n - 1)),
        sum(T.map((n) => Math.ceil(Math.log2(n)))),
        "",
      ],
    ],
  ),
  "",
  `Equal labels over all lines: ${share(equal, both.length)}. A line that is judged stops at its first completion that passes.`,
]);
