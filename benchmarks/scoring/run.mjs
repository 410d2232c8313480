// Scores real candidates in every way, problem by problem, so that all ways meet the same conditions.
//   npm run build && training/.venv/bin/python benchmarks/scoring/prepare.py && node benchmarks/scoring/run.mjs
//   then: node benchmarks/scoring/report.mjs
// Options: --problems 64 --slow 16 (problems that the slow ways get too) --long 6 --classes 4 --dist FOLDER. 0 problems keep a case's earlier result.
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { classes, lengthened, livecodebench } from "./cases.mjs";
import { measure } from "./measure.mjs";
import {
  distinctTokens,
  encode,
  prefixSequences,
  programSequence,
  PYTHON,
  requestsOf,
  RUNS,
} from "./setup.mjs";
import { asked, ours } from "./ways.mjs";
import { Worker } from "./worker.mjs";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: {
    problems: { type: "string", default: "64" },
    slow: { type: "string", default: "16" },
    long: { type: "string", default: "6" },
    classes: { type: "string", default: "4" },
    dist: { type: "string" },
  },
});
const { extractCode, buildTokenTree, planCalls } = await open("extractCode", "buildTokenTree", "planCalls");

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const pytorch = (...args) => Worker.start(PYTHON, [here("pytorch.py"), ...args]);

const prefixes = (requests) => requests.flatMap(prefixSequences);
/** Equal programs once: the best that one pass a program can do. */
function programs(requests) {
  return [
    ...new Map(requests.map((request) => [JSON.stringify(request.steps), programSequence(request)])).values(),
  ];
}
async function bare(weights, file) {
  const worker = await Worker.start(process.execPath, [
    here("bare-session.mjs"),
    `${RUNS}/${weights}/onnx/${file}`,
  ]);
  return {
    slow: false,
    run: (requests) => {
      const sequences = requests
        .map(programSequence)
        .map(({ ids, marks }) => ({ ids: Int32Array.from(ids), marks }));
      const calls = [...planCalls(buildTokenTree(sequences), 512)].map(({ start, end, past }) => [
        end - start,
        past,
      ]);
      return worker.ask({ calls });
    },
    peak: () => worker.peakMb,
    stop: () => worker.stop(),
  };
}

const WAYS = {
  "a prefix fp32": async () => asked(await pytorch("prefix", "fp32"), prefixes, true),
  "b program bf16": async () => asked(await pytorch("program", "bf16"), programs, false),
  "c transformers.js": async () =>
    asked(
      await Worker.start(process.execPath, [here("transformers-js.mjs"), `${RUNS}/rows`]),
      prefixes,
      true,
    ),
  "d funprm fp32": () => ours(`${RUNS}/fp32`),
  "d funprm int8": () => ours(`${RUNS}/int8`),
  "bare session fp32": () => bare("fp32", "model.onnx"),
  "bare session int8": () => bare("int8", "model_int8.onnx"),
};

const long = (await livecodebench(Number(values.long))).map((problem) => lengthened(problem, 2000, encode));
const CASES = {
  livecodebench: { problems: await livecodebench(Number(values.problems)), slow: Number(values.slow) },
  "2,000-token statements": { problems: long, slow: Number(values.long) },
  "classes of five methods": {
    problems: await classes(Number(values.classes), extractCode),
    slow: Number(values.classes),
  },
};

const ways = {};
for (const [name, start] of Object.entries(WAYS)) ways[name] = await start();
await measure({ name: "run", ways, cases: CASES, requestsOf, describe });

function describe(problem, requests) {
  return {
    statementTokens: encode(problem.statement).length,
    distinct: distinctTokens(requests.map(programSequence)),
  };
}
