// Which of two prompts gives programs that are easier to read, by an LLM's word: programs of the same problem from two candidate
// files, paired by position, judged in both orders. Prints shares with 95 % intervals, bootstrap over problems.
//   node benchmarks/readability/judge.mjs chain-of-function.jsonl plain.jsonl --problems problems.jsonl --model NAME --base-url URL
import { parseArgs } from "node:util";
import { open } from "../door.mjs";

const {
  bootstrapMeans,
  percentileInterval,
  candidateOptions,
  openAiLlm,
  readCandidates,
  readProblems,
  judgeReadability,
} = await open(
  "bootstrapMeans",
  "percentileInterval",
  "candidateOptions",
  "openAiLlm",
  "readCandidates",
  "readProblems",
  "judgeReadability",
);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    problems: { type: "string" },
    model: { type: "string" },
    "base-url": { type: "string" },
    limit: { type: "string" },
  },
});
const [first, second] = positionals;
if (first === undefined || second === undefined || !values.problems || !values.model) {
  throw new Error("expected two candidate files, --problems and --model");
}
const problemsById = new Map();
for await (const problem of readProblems(values.problems, { tests: "drop" }))
  problemsById.set(problem.id, problem);
const [ours, theirs] = [await byProblem(first), await byProblem(second)];
const llm = await openAiLlm({ baseUrl: values["base-url"] });
const pairs = [...ours].flatMap(([id, programs]) =>
  programs.flatMap((code, at) => {
    const other = theirs.get(id)?.[at];
    return other === undefined ? [] : [{ id, first: code, second: other }];
  }),
);
const asked = values.limit === undefined ? pairs : pairs.slice(0, Number(values.limit));
const words = await Promise.all(
  asked.map(async ({ id, ...pair }) => {
    const problem = problemsById.get(id)?.statement ?? "";
    return { id, word: await judgeReadability(llm, { problem, ...pair }, { model: values.model }) };
  }),
);
await llm.close();

const given = words.filter(({ word }) => word !== null);
const problems = [...grouped(given)].map(([, each]) => each);
console.log(
  `${asked.length} pairs of ${problems.length} problems; no word on ${words.length - given.length}`,
);
for (const word of ["first", "second", "tie"]) {
  const shares = problems.map((each) => each.filter((one) => one.word === word).length / each.length);
  const [means] = bootstrapMeans([shares]);
  const { low, high } = percentileInterval(means);
  const share = shares.reduce((sum, value) => sum + value, 0) / shares.length;
  console.log(
    `${word}: ${(share * 100).toFixed(1)} % [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`,
  );
}

async function byProblem(file) {
  const programs = new Map();
  for await (const { problemId, code } of readCandidates([file], candidateOptions(problemsById))) {
    if (code.trim() !== "") programs.set(problemId, [...(programs.get(problemId) ?? []), code]);
  }
  return programs;
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.id, [...(groups.get(row.id) ?? []), row]);
  return groups;
}
