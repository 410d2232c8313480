// What solve sees of recorded candidates when it samples in rounds: after each round its choice, whether that is right,
// and how sure it is. Every program runs once, however many rounds look at it, as in solve.
// Run: npm run build && node benchmarks/rounds/gather.mjs --pool livecodebench-v5 --out rounds.jsonl
//   --pool NAME    livecodebench-v5: train split, all samplers' candidates of a problem in a random order;
//                  humaneval: CodeGen's samples in their order, from --graded
//   --graded FILE  what `funprm grade` made of benchmarks/selectors/pools.mjs's codegen-64.jsonl with HumanEvalPlus
//   --out FILE     one line a problem; problems that it holds already are not run again
//   --step 4       samples a round
//   --most 64      samples a problem
//   --problems 0   a sample of so many problems in a fixed random order (0: all)
import { appendFileSync, createReadStream, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { open } from "../door.mjs";
import { jsonLines, sharedFile } from "../selectors/pools.mjs";

const { values } = parseArgs({
  options: {
    pool: { type: "string", default: "livecodebench-v5" },
    graded: { type: "string" },
    out: { type: "string" },
    step: { type: "string", default: "4" },
    most: { type: "string", default: "64" },
    problems: { type: "string", default: "0" },
    dist: { type: "string" },
  },
});
if (values.out === undefined) throw new Error("--out FILE is missing");
const { readProblems, openSandbox, RememberingSandbox, lookAt, confidenceOf, seededRandom } = await open(
  "readProblems",
  "openSandbox",
  "RememberingSandbox",
  "lookAt",
  "confidenceOf",
  "seededRandom",
);
const random = seededRandom(1);
const shuffled = (all) =>
  all
    .map((each) => ({ each, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ each }) => each);

async function* lines(file) {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line);
}

async function livecodebench() {
  const problems = [];
  for await (const problem of readProblems(sharedFile("problems/livecodebench-v5.jsonl.gz")))
    if (problem.meta.split === "train") problems.push(problem);
  const byId = new Map(problems.map(({ id }) => [id, []]));
  for await (const row of jsonLines(sharedFile("pools/livecodebench-v5.jsonl.gz")))
    byId.get(row.problem_id)?.push(row);
  return shuffled(problems).map((problem) => ({ problem, rows: shuffled(byId.get(problem.id)) }));
}

async function humaneval() {
  const byId = new Map();
  for await (const row of lines(values.graded))
    byId.set(row.problem_id, [...(byId.get(row.problem_id) ?? []), row]);
  const groups = [];
  for await (const problem of readProblems(sharedFile("tests/HumanEvalPlus.jsonl.gz"))) {
    const rows = byId.get(problem.id) ?? [];
    // What is not graded yet, or not whole, is left out.
    if (rows.length >= Number(values.most))
      groups.push({ problem, rows: rows.toSorted((a, b) => a.sample_index - b.sample_index) });
  }
  return shuffled(groups);
}

const done = new Set(
  existsSync(values.out)
    ? readFileSync(values.out, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line).id)
    : [],
);
const groups = await (values.pool === "humaneval" ? humaneval() : livecodebench());
const chosen = Number(values.problems) === 0 ? groups : groups.slice(0, Number(values.problems));
const sandbox = await openSandbox({ jobs: 2 });
const { signal } = new AbortController();

async function gather({ problem, rows }) {
  const candidates = rows.slice(0, Number(values.most)).map(({ code }, sampleIndex) => ({
    problemId: problem.id,
    sampleIndex,
    code,
    warnings: [],
    extra: {},
  }));
  const passed = rows.map((row) => row.passed === true);
  const remembering = new RememberingSandbox(sandbox);
  const rounds = [];
  const step = Number(values.step);
  for (let n = step; ; n = Math.min(n + step, candidates.length)) {
    const pool = candidates.slice(0, n);
    const choice = await lookAt(problem, pool, { sandbox: remembering, signal });
    const sure = confidenceOf(choice);
    rounds.push({
      n: pool.length,
      ...(sure && { confidence: sure.confidence, nonePasses: sure.nonePasses }),
      right: passed[choice.selection.chosen ?? -1] ?? false,
      oracle: passed.slice(0, n).some(Boolean),
    });
    if (n >= candidates.length) break;
  }
  return { id: problem.id, passes: passed.filter(Boolean).length, candidates: candidates.length, rounds };
}

const queue = chosen.filter(
  ({ problem, rows }) => !done.has(problem.id) && rows.length > Number(values.step),
);
const total = queue.length;
const started = Date.now();
const lane = async () => {
  for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
    appendFileSync(values.out, `${JSON.stringify(await gather(group))}\n`);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.error(`${total - queue.length} of ${total} begun, ${seconds} s`);
  }
};
await Promise.all([lane(), lane()]);
await sandbox.close();
