// Whether inputs made from the statement alone tell the right programs of examples/ from the wrong ones.
// Run: npm run build && node benchmarks/evidence/examples.mjs   (--count 60)
// A right program must agree with the other right ones on every input; a wrong one must differ from them on one, or
// miss the time limit on a large one.
import { readFile, readdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: { count: { type: "string", default: "60" }, dist: { type: "string" } },
});
const {
  readProblems,
  exampleTestsOf,
  readInputModel,
  modelInputs,
  largeModelInputs,
  runProbes,
  LARGE_LIMITS,
  openSandbox,
  DEFAULT_LIMITS,
} = await open(
  "readProblems",
  "exampleTestsOf",
  "readInputModel",
  "modelInputs",
  "largeModelInputs",
  "runProbes",
  "LARGE_LIMITS",
  "openSandbox",
  "DEFAULT_LIMITS",
);

const limits = { ...DEFAULT_LIMITS, cpuMs: 4000, wallMs: 30_000 };
const sandbox = await openSandbox();
const examples = new URL("../../examples/", import.meta.url);
console.log(
  "| example | inputs | right agree | wrong told apart by small inputs | by large ones | not at all |",
);
console.log("|---|---|---|---|---|---|");
for (const entry of await readdir(examples, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const folder = new URL(`${entry.name}/`, examples);
  const candidates = (await readFile(new URL("candidates.jsonl", folder), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for await (const problem of readProblems(new URL("problem.json", folder).pathname)) {
    const tests = exampleTestsOf({ ...problem, exampleTests: [] }).map(({ test }) => test);
    const model = readInputModel(problem, tests);
    const small = modelInputs(model, { count: Number(values.count) }).map(({ input }) => input);
    const large = largeModelInputs(model).map(({ input }) => input);
    const answers = [];
    for (const { code } of candidates) {
      const [few, many] = [
        await runProbes(code, problem, small, { sandbox, limits }),
        await runProbes(code, problem, large, { sandbox, limits: LARGE_LIMITS }),
      ];
      answers.push({ few, many });
    }
    const right = answers.filter((_, i) => candidates[i].passed);
    const agreed = small.filter(
      (_, at) => right[0].few[at] !== null && right.every(({ few }) => few[at] === right[0].few[at]),
    ).length;
    const wrong = candidates.flatMap(({ passed, why }, i) => (passed ? [] : [{ why, ...answers[i] }]));
    const bySmall = wrong.filter(({ few }) => few.some((answer, at) => answer !== right[0].few[at]));
    const others = wrong.filter((each) => !bySmall.includes(each));
    const byLarge = others.filter(({ many }) => many.some((answer, at) => answer !== right[0].many[at]));
    const left = others.filter((each) => !byLarge.includes(each)).map(({ why }) => why);
    const rightLarge = large.filter(
      (_, at) => right[0].many[at] !== null && right.every(({ many }) => many[at] === right[0].many[at]),
    ).length;
    console.log(
      `| ${entry.name} | ${small.length} + ${large.length} | ${agreed} + ${rightLarge} | ${bySmall.length} of ${wrong.length} | ${byLarge.length} | ${left.join("; ")} |`,
    );
  }
}
await sandbox.close();
