// How legal the inputs of the input model are, and how many wrong programs they tell from right ones.
// Run: npm run build && node benchmarks/evidence/legality.mjs
//   --problems 100   a sample of so many train problems a pool (default 100; 0: all)
//   --pool NAME      livecodebench-v5, classic (default livecodebench-v5)
//   --count 30       inputs a problem
//   --cache DIR      answers are kept here and not computed again (default .funprm/legality)
//   --large          wrong programs that small inputs do not tell apart run on large ones too
//   --dist DIR       another build;   --verbose: every problem on which right programs disagree
// Takes problems and graded candidates from ../shared/data, the train split alone; programs run in the sandbox.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: {
    problems: { type: "string", default: "100" },
    pool: { type: "string", default: "livecodebench-v5" },
    count: { type: "string", default: "30" },
    cache: { type: "string", default: ".funprm/legality" },
    dist: { type: "string" },
    only: { type: "string" },
    verbose: { type: "boolean" },
    large: { type: "boolean" },
  },
});
const {
  readProblems,
  exampleTestsOf,
  comparisonHints,
  probeInputs,
  readInputModel,
  modelInputs,
  largeModelInputs,
  LARGE_LIMITS,
  runExamples,
  runProbes,
  openSandbox,
  DEFAULT_LIMITS,
  seededRandom,
} = await open(
  "readProblems",
  "exampleTestsOf",
  "comparisonHints",
  "probeInputs",
  "readInputModel",
  "modelInputs",
  "largeModelInputs",
  "LARGE_LIMITS",
  "runExamples",
  "runProbes",
  "openSandbox",
  "DEFAULT_LIMITS",
  "seededRandom",
);

const DATA = new URL("../../../shared/data/", import.meta.url);
/** Programs a problem: more cost time and rarely change what is agreed on. */
const MOST_PASSING = 4;
const MOST_WRONG = 6;
const limits = { ...DEFAULT_LIMITS, cpuMs: 3000, wallMs: 20_000 };

mkdirSync(values.cache, { recursive: true });
const cacheFile = `${values.cache}/answers-${values.pool}.jsonl`;
const cache = new Map(
  existsSync(cacheFile)
    ? readFileSync(cacheFile, "utf8")
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [],
);
const keep = (key, answer) => {
  cache.set(key, answer);
  appendFileSync(cacheFile, `${JSON.stringify([key, answer])}\n`);
  return answer;
};
const digest = (...texts) => createHash("sha256").update(texts.join("\0")).digest("base64").slice(0, 16);

const sandbox = await openSandbox({ jobs: 2 });

async function passesExamples(code, problem, examples) {
  const key = digest("examples", code, JSON.stringify(examples));
  if (cache.has(key)) return cache.get(key);
  const results = await runExamples(code, problem, examples, { sandbox, limits });
  return keep(
    key,
    results.every((result) => result !== false),
  );
}

async function answersOf(code, problem, inputs) {
  const answers = [];
  const missing = inputs.filter((input) => !cache.has(digest(code, JSON.stringify(input))));
  const run = await runProbes(code, problem, missing, { sandbox, limits });
  missing.forEach((input, i) => keep(digest(code, JSON.stringify(input)), run[i]));
  for (const input of inputs) answers.push(cache.get(digest(code, JSON.stringify(input))));
  return answers;
}

function sampled(items, count, seed) {
  const random = seededRandom(seed);
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item);
}

const rows = gunzipSync(await readFile(new URL(`pools/${values.pool}.jsonl.gz`, DATA)))
  .toString()
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const byProblem = new Map();
for (const row of rows) byProblem.set(row.problem_id, [...(byProblem.get(row.problem_id) ?? []), row]);
const all = [];
for await (const problem of readProblems(new URL(`problems/${values.pool}.jsonl.gz`, DATA).pathname)) {
  if (problem.meta.split !== "train") continue;
  if (values.only && !problem.id.includes(values.only)) continue;
  const group = byProblem.get(problem.id) ?? [];
  const passing = new Set(group.filter(({ passed }) => passed).map(({ code }) => code));
  if (passing.size >= 2)
    all.push({ problem: { ...problem, exampleTests: [] }, group, passing: [...passing] });
}
const chosen = Number(values.problems) === 0 ? all : sampled(all, Number(values.problems), 1);

const ways = {
  mutations: (problem, tests) => ({
    inputs: probeInputs(problem, tests).slice(tests.length),
    understood: true,
  }),
  model: (problem, tests) => {
    const model = readInputModel(problem, tests);
    const made = modelInputs(model, { count: Number(values.count) });
    const whole = made[0]?.why.startsWith("every") === true;
    return { inputs: made.map(({ input }) => input), unread: model.notUnderstood, whole };
  },
};
const total = Object.fromEntries(
  Object.keys(ways).map((way) => [
    way,
    {
      problems: 0,
      many: 0,
      inputs: 0,
      agreed: 0,
      bad: 0,
      wrong: 0,
      missed: 0,
      several: 0,
      blind: 0,
      sure: 0,
      sureAgreed: 0,
      slow: 0,
    },
  ]),
);
const unread = new Map();

/** Whether a program misses or gets wrong a large input on which right ones agree. */
async function failsLarge(code, right, problem, tests) {
  const inputs = largeModelInputs(readInputModel(problem, tests)).map(({ input }) => input);
  const answers = [];
  for (const each of [code, ...right]) {
    const key = digest("large", each, JSON.stringify(inputs));
    if (!cache.has(key)) keep(key, await runProbes(each, problem, inputs, { sandbox, limits: LARGE_LIMITS }));
    answers.push(cache.get(key));
  }
  const [own, first = [], second = first] = answers;
  return inputs.some((_, i) => first[i] !== null && first[i] === second[i] && own[i] !== first[i]);
}

async function measure({ problem, group, passing }) {
  const examples = exampleTestsOf(problem);
  const tests = examples.map(({ test }) => test);
  const right = sampled(passing, MOST_PASSING, 2);
  const failing = [...new Set(group.filter(({ passed }) => !passed).map(({ code }) => code))];
  const wrong = [];
  for (const code of failing) {
    if (wrong.length >= MOST_WRONG) break;
    if (examples.length > 0 && (await passesExamples(code, problem, examples))) wrong.push(code);
  }
  const several = comparisonHints(problem.statement);
  for (const [way, make] of Object.entries(ways)) {
    const sum = total[way];
    const { inputs, unread: parts = [], whole } = make(problem, tests);
    sum.problems++;
    for (const { kind } of parts) unread.set(kind, (unread.get(kind) ?? 0) + 1);
    if (inputs.length === 0) sum.blind++;
    if (inputs.length >= 20 || whole) sum.many++;
    const answers = [];
    for (const code of right) answers.push(await answersOf(code, problem, inputs));
    const agreed = inputs.map(
      (_, i) => answers[0][i] !== null && answers.every((each) => each[i] === answers[0][i]),
    );
    if (several.anyAnswer || several.anyOrder) sum.several++;
    else {
      sum.inputs += inputs.length;
      sum.agreed += agreed.filter(Boolean).length;
      if (!parts.some(({ kind }) => kind === "sentence")) {
        sum.sure += inputs.length;
        sum.sureAgreed += agreed.filter(Boolean).length;
      }
      const bad = agreed.filter((each) => !each).length;
      if (bad > 0) {
        sum.bad++;
        if (values.verbose) {
          const at = agreed.indexOf(false);
          console.log(
            way,
            problem.id,
            `${bad}/${inputs.length}`,
            JSON.stringify(inputs[at].input ?? inputs[at].args).slice(0, 160),
            answers.map((each) => each[at]?.slice(0, 3) ?? null).join(" "),
            JSON.stringify(parts.map(({ text }) => text)).slice(0, 200),
          );
        }
      }
    }
    for (const code of wrong) {
      sum.wrong++;
      const own = await answersOf(code, problem, inputs);
      const differs = inputs.some((_, i) => agreed[i] && own[i] !== answers[0][i]);
      if (differs) continue;
      sum.missed++;
      if (values.large && way === "model" && (await failsLarge(code, right.slice(0, 2), problem, tests))) {
        sum.slow++;
        continue;
      }
      if (values.verbose)
        console.log(
          way,
          problem.id,
          "not told apart",
          failing.indexOf(code),
          JSON.stringify(inputs.slice(0, 3).map((each) => each.input ?? each.args)).slice(0, 200),
        );
    }
  }
}

let next = 0;
const started = Date.now();
const worker = async () => {
  for (let at = next++; at < chosen.length; at = next++) {
    await measure(chosen[at]);
    if (at % 20 === 19)
      console.error(`${at + 1}/${chosen.length} ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
};
await Promise.all([worker(), worker()]);
await sandbox.close();

const percent = (part, whole) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`);
console.log(
  "| inputs | problems | none | >= 20 or all | legal inputs | legal where all constraints were understood | problems with an illegal one | wrong programs past the examples | not told apart by small inputs | of these by large ones |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const [way, sum] of Object.entries(total)) {
  console.log(
    `| ${way} | ${sum.problems} | ${sum.blind} | ${percent(sum.many, sum.problems)} | ${percent(sum.agreed, sum.inputs)} of ${sum.inputs} | ${percent(sum.sureAgreed, sum.sure)} of ${sum.sure} | ${sum.bad} | ${sum.wrong} | ${sum.missed} (${percent(sum.missed, sum.wrong)}) | ${sum.slow} |`,
  );
}
console.log(`not understood: ${[...unread].map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
