// The bundled PRM, an encoder of one pass per prefix, in every way: what is left to save are equal prefixes and padding.
//   npm run build && node benchmarks/scoring/bundled.mjs && node benchmarks/scoring/report.mjs
// Options: --problems 64 --classes 8 --dist FOLDER. The float32 weights are those of training/runs/bake-chosen, which
// benchmarks/results/bake-off.md says how to make; prepare.py has to have run.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { classes, livecodebench } from "./cases.mjs";
import { measure } from "./measure.mjs";
import { PYTHON, requestsOf, RUNS, textOf } from "./setup.mjs";
import { asked, ours } from "./ways.mjs";
import { Worker } from "./worker.mjs";
import { open } from "../door.mjs";

const { values } = parseArgs({
  options: {
    problems: { type: "string", default: "64" },
    classes: { type: "string", default: "8" },
    dist: { type: "string" },
  },
});
const { extractCode, planBatches } = await open("extractCode", "planBatches");

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const BUNDLED = here("../../models/funprm-prm-small");
const CHOSEN = here("../../training/runs/bake-chosen");
// transformers.js wants a config.json next to the graph that names an architecture it knows.
const ROWS = `${RUNS}/bundled-rows`;
mkdirSync(`${ROWS}/onnx`, { recursive: true });
copyFileSync(`${CHOSEN}/fp32/onnx/model.onnx`, `${ROWS}/onnx/model.onnx`);
writeFileSync(`${ROWS}/config.json`, JSON.stringify({ model_type: "bert", architectures: [] }));

const { encode, sequencesOf } = await textOf(BUNDLED);
const plain = ({ ids, marks }) => ({ ids: [...ids], marks });
const prefixes = (requests) => requests.flatMap(sequencesOf).map(plain);
/** Equal prefixes once and rows of like length together: the best that an encoder allows. */
const planned = (requests) => planBatches(requests.flatMap(sequencesOf), { maxTokens: 4096, maxRows: 16 });

const pytorch = (...args) => Worker.start(PYTHON, [here("pytorch.py"), ...args, CHOSEN]);

/** One pass per different prefix; rewards come back in the order of the prefixes. */
function distinct(worker) {
  const way = asked(worker, () => [], false);
  return {
    ...way,
    run: async (requests) => {
      const { unique, slots, batches } = planned(requests);
      const order = batches.flat();
      const answer = await worker.ask({
        sequences: order.map((index) => plain(unique[index])),
        batches: batches.map((batch) => batch.length),
      });
      const place = new Map(order.map((index, at) => [index, at]));
      return { ...answer, rewards: slots.map((slot) => answer.rewards[place.get(slot)]) };
    },
  };
}

async function bare(path) {
  const worker = await Worker.start(process.execPath, [here("bare-session.mjs"), path]);
  return {
    ...asked(worker, () => [], false),
    run: (requests) => {
      // Rewards of int8 activations depend on the company: such rows travel alone.
      const single = path.includes("int8");
      const { unique, batches } = planBatches(requests.flatMap(sequencesOf), {
        maxTokens: 4096,
        maxRows: single ? 1 : 16,
      });
      const longest = (batch) => Math.max(...batch.map((index) => unique[index].ids.length));
      return worker.ask({ rows: batches.map((batch) => [batch.length, longest(batch)]) });
    },
  };
}

const ways = {
  "a prefix fp32": asked(await pytorch("prefix", "fp32"), prefixes, true),
  "b different prefixes bf16": distinct(await pytorch("planned", "bf16")),
  "c transformers.js": asked(
    await Worker.start(process.execPath, [here("transformers-js.mjs"), ROWS]),
    prefixes,
    true,
  ),
  "d funprm fp32": await ours(`${CHOSEN}/fp32`),
  "d funprm int8": await ours(BUNDLED),
  "bare session fp32": await bare(`${CHOSEN}/fp32/onnx/model.onnx`),
  "bare session int8": await bare(`${BUNDLED}/onnx/model_int8.onnx`),
};
const problems = Number(values.problems);
const cases = {
  livecodebench: { problems: await livecodebench(problems), slow: problems },
  "classes of five methods": {
    problems: await classes(Number(values.classes), extractCode),
    slow: Number(values.classes),
  },
};
await measure({ name: "bundled", ways, cases, requestsOf, describe });

/** What has to be computed at least: every different prefix once. */
function describe(problem, requests) {
  const { unique } = planned(requests);
  return {
    statementTokens: encode(problem.statement).length,
    distinct: unique.reduce((sum, { ids }) => sum + ids.length, 0),
  };
}
