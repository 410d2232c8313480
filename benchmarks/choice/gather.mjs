// Everything that execution shows about recorded candidates, raw: what the learned choice is fitted on.
// Run: npm run build && node benchmarks/choice/gather.mjs --pool livecodebench-v5 --out rows.jsonl
//   --pool NAME      livecodebench-v5, codeforces-hard, classic: candidates with recorded verdicts (train split alone)
//   --out FILE       one line a problem; problems that it holds already are not run again
//   --problems 0     a sample of so many problems, in a fixed random order (0: all)
//   --per-sampler 0  at most so many candidates of one sampler (0: all)
//   --kind KIND      method, function or stdin problems alone
//   --mixed          only problems with both verdicts among their candidates
//   --large all      large inputs for leading programs of every problem; mixed: only where they hold both verdicts
//   --dist DIR       another build
// Takes problems and candidates from ../shared/data; programs run in the sandbox.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: {
    pool: { type: "string", default: "livecodebench-v5" },
    out: { type: "string" },
    problems: { type: "string", default: "0" },
    "per-sampler": { type: "string", default: "0" },
    kind: { type: "string" },
    mixed: { type: "boolean", default: false },
    large: { type: "string", default: "all" },
    dist: { type: "string" },
  },
});
if (values.out === undefined) throw new Error("--out FILE is missing");
const MODEL_INPUTS = 48;
const MUTATIONS = 16;
const SMALL_CPU_MS = 4000;

const {
  readProblems,
  exampleTestsOf,
  probeInputs,
  readInputModel,
  modelInputs,
  mediumModelInputs,
  largeModelInputs,
  largeInputs,
  LARGE_LIMITS,
  runExamples,
  runProbes,
  openSandbox,
  DEFAULT_LIMITS,
  wallLimitMs,
  seededRandom,
} = await open(
  "readProblems",
  "exampleTestsOf",
  "probeInputs",
  "readInputModel",
  "modelInputs",
  "mediumModelInputs",
  "largeModelInputs",
  "largeInputs",
  "LARGE_LIMITS",
  "runExamples",
  "runProbes",
  "openSandbox",
  "DEFAULT_LIMITS",
  "wallLimitMs",
  "seededRandom",
);
const DATA = new URL("../../../shared/data/", import.meta.url);
const limits = { ...DEFAULT_LIMITS, cpuMs: SMALL_CPU_MS, wallMs: wallLimitMs(SMALL_CPU_MS) };

const linesOf = (bytes) =>
  bytes
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const candidates = linesOf(gunzipSync(readFileSync(new URL(`pools/${values.pool}.jsonl.gz`, DATA))));
const done = new Set(existsSync(values.out) ? linesOf(readFileSync(values.out)).map(({ id }) => id) : []);

const problems = [];
for await (const problem of readProblems(new URL(`problems/${values.pool}.jsonl.gz`, DATA).pathname))
  if (problem.meta.split === "train" && (values.kind ?? problem.kind) === problem.kind)
    problems.push({ ...problem, exampleTests: [] });
const verdicts = new Map();
for (const { problem_id, passed } of candidates)
  verdicts.set(problem_id, (verdicts.get(problem_id) ?? new Set()).add(passed));
const random = seededRandom(1);
const order = problems
  .map((problem) => ({ problem, key: random.next() }))
  .toSorted((a, b) => a.key - b.key)
  .map(({ problem }) => problem);
const chosen = Number(values.problems) === 0 ? order : order.slice(0, Number(values.problems));

const sandbox = await openSandbox({ jobs: 2 });

/** The sandbox, and the CPU time that it spends for one program. */
function metered() {
  const meter = { cpuMs: 0, runs: 0 };
  return {
    meter,
    jobs: sandbox.jobs,
    identity: sandbox.identity,
    run: async (job, options) => {
      const result = await sandbox.run(job, options);
      meter.cpuMs += result.cpuMs;
      meter.runs += 1;
      return result;
    },
  };
}

async function timed(inputs, run) {
  const answers = [];
  const ms = [];
  for (const input of inputs) {
    const box = metered();
    const [answer] = await run([input], box);
    answers.push(answer);
    ms.push(Math.round(box.meter.cpuMs));
    // What is too slow once is not asked again.
    if (answer === null && box.meter.cpuMs > 0.9 * LARGE_LIMITS.cpuMs) break;
  }
  return { answers, ms };
}

async function gather(problem) {
  const group = candidates.filter(({ problem_id }) => problem_id === problem.id);
  const counts = new Map();
  const kept = group.filter(({ model }) => {
    const count = (counts.get(model) ?? 0) + 1;
    counts.set(model, count);
    return Number(values["per-sampler"]) === 0 || count <= Number(values["per-sampler"]);
  });
  const byCode = new Map();
  for (const { code, passed, model, sample_index } of kept) {
    if (!/\S/.test(code)) continue;
    const known = byCode.get(code) ?? { code, passed, samples: [] };
    known.samples.push([model, sample_index]);
    byCode.set(code, known);
  }
  const examples = exampleTestsOf(problem);
  const tests = examples.map(({ test }) => test);
  const model = readInputModel(problem, tests);
  const made = modelInputs(model, { count: MODEL_INPUTS });
  const medium = mediumModelInputs(model);
  const big = largeModelInputs(model);
  const mutations = probeInputs(problem, tests, { count: MUTATIONS });
  const bigByShape = largeInputs(problem, tests);
  const programs = [...byCode.values()];
  const results = await Promise.all(
    programs.map(async ({ code, passed, samples }) => {
      const box = metered();
      const run = { sandbox: box, limits };
      const shown = await runExamples(code, problem, examples, run);
      const examplesMs = Math.round(box.meter.cpuMs);
      const inputs = async (all) =>
        shown.length > 0 && shown.every((result) => result === false)
          ? all.map(() => null)
          : await runProbes(
              code,
              problem,
              all.map(({ input }) => input),
              run,
            );
      return {
        passed,
        samples,
        length: code.length,
        examples: shown,
        model: await inputs(made),
        mutations: await inputs(mutations.map((input) => ({ input }))),
        medium: await inputs(medium),
        examplesMs,
        smallMs: Math.round(box.meter.cpuMs),
      };
    }),
  );
  const score = ({ examples: shown }) => shown.filter((result) => result === true).length;
  const best = Math.max(...results.map(score));
  const leading = results.filter((result) => score(result) === best);
  const mixed = new Set(leading.map(({ passed }) => passed)).size > 1;
  if (leading.length > 1 && (values.large === "all" || mixed) && (best > 0 || examples.length === 0))
    await Promise.all(
      results.map(async (result, i) => {
        if (score(result) < best) return;
        const run = (all, box) =>
          runProbes(programs[i].code, problem, all, { sandbox: box, limits: LARGE_LIMITS });
        result.large = await timed(
          big.map(({ input }) => input),
          run,
        );
        result.largeByShape = await timed(bigByShape, run);
      }),
    );
  return {
    id: problem.id,
    pool: values.pool,
    suite: problem.meta.suite,
    kind: problem.kind,
    exampleCount: examples.length,
    unread: model.notUnderstood.length,
    form: model.form !== undefined,
    whys: {
      model: made.map(({ why }) => why),
      medium: medium.map(({ why }) => why),
      large: big.map(({ why }) => why),
    },
    programs: results,
  };
}

let count = 0;
const started = Date.now();
const queue = chosen.filter(
  ({ id }) => !done.has(id) && (!values.mixed || (verdicts.get(id)?.size ?? 0) > 1),
);
const lane = async () => {
  for (let problem = queue.shift(); problem !== undefined; problem = queue.shift()) {
    appendFileSync(values.out, `${JSON.stringify(await gather(problem))}\n`);
    count += 1;
    if (count % 10 === 0)
      console.error(`${count} of ${count + queue.length}, ${Math.round((Date.now() - started) / 1000)} s`);
  }
};
await Promise.all([lane(), lane()]);
await sandbox.close();
