// What the scripts of this folder share: the build under test, the model that prepare.py made, and its tokenizer.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { open } from "../door.mjs";

export const RUNS = fileURLToPath(new URL("../../training/runs/scoring", import.meta.url));
export const PYTHON = fileURLToPath(new URL("../../training/.venv/bin/python", import.meta.url));
if (!existsSync(`${RUNS}/int8/prm.json`)) {
  throw new Error("make the model first: training/.venv/bin/python benchmarks/scoring/prepare.py");
}

const {
  loadManifest,
  loadTokenizer,
  loadPythonParser,
  splitSteps,
  stepTexts,
  openOnnxScorer,
  buildSequences,
} = await open(
  "loadManifest",
  "loadTokenizer",
  "loadPythonParser",
  "splitSteps",
  "stepTexts",
  "openOnnxScorer",
  "buildSequences",
);
export { openOnnxScorer };
await loadPythonParser();

/** A problem's candidates as the scorer takes them. */
export function requestsOf({ statement, codes }) {
  return codes.map((code) => ({ statement, steps: stepTexts(code, splitSteps(code, "function")) }));
}

/** What a PRM folder makes of texts: `encode` a text to ids, `sequencesOf` a request to what its model reads. */
export async function textOf(folder) {
  const { manifest, paths } = await loadManifest(folder);
  const { encode, template } = await loadTokenizer(manifest, paths);
  const known = new Map();
  const remembered = (text) => {
    if (!known.has(text)) known.set(text, encode(text));
    return known.get(text);
  };
  const { beforeStatement, afterStatement, afterCode } = template;
  const sequencesOf = ({ statement, steps }) =>
    buildSequences(
      {
        statement: remembered(beforeStatement + statement + afterStatement),
        steps: steps.map(remembered),
        afterCode: remembered(afterCode),
      },
      manifest,
    ).sequences;
  return { manifest, encode, sequencesOf };
}

const random = await textOf(`${RUNS}/int8`);
export const { encode } = random;

/** One sequence a program, read at every step's mark; what follows the last mark is left out. */
export function programSequence(request) {
  const [{ ids, marks }] = random.sequencesOf(request);
  return { ids: [...ids.subarray(0, marks.at(-1) + 1)], marks };
}

/** One sequence a prefix, read at its last mark. */
export function prefixSequences({ statement, steps }) {
  return steps.map((_, step) => {
    const { ids, marks } = programSequence({ statement, steps: steps.slice(0, step + 1) });
    return { ids, marks: marks.slice(-1) };
  });
}

/** Different prefixes of the sequences: what has to be computed at least. Counted without the code under test. */
export function distinctTokens(sequences) {
  const root = new Map();
  let count = 0;
  for (const { ids } of sequences) {
    let node = root;
    for (const id of ids) {
      if (!node.has(id)) {
        node.set(id, new Map());
        count += 1;
      }
      node = node.get(id);
    }
  }
  return count;
}

export function readResult(name, fallback) {
  const path = `${RUNS}/${name}.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : fallback;
}

export function writeResult(name, value) {
  writeFileSync(`${RUNS}/${name}.json`, JSON.stringify(value));
}
