// ONNX against PyTorch on real candidates: PyTorch's rewards were written by training/ (funprm_training.research.parity).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { fitted } from "../fit-markdown.mjs";
import { pearson, spearman } from "./correlation.mjs";
import { open } from "../door.mjs";

const { aggregateRewards, openOnnxScorer } = await open("aggregateRewards", "openOnnxScorer");

const at = (path) => new URL(`../../${path}`, import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    parity: { type: "string", default: at("training/runs/parity") },
    int8: { type: "string", default: at("models/funprm-prm-small") },
    out: { type: "string", default: at("benchmarks/results/onnx-parity.md") },
  },
});
/** Programs that are scored once more one by one, each in a call of its own. */
const ALONE = 50;

const expected = readRequests(options.parity);
const steps = expected.flatMap(({ rewards }) => rewards);
const aggregated = (programs) => programs.map(({ rewards }) => aggregateRewards(rewards, "mean"));

const rows = [];
for (const [weights, folder] of [
  ["fp32", `${options.parity}/fp32`],
  ["int8", options.int8],
]) {
  const { identity, batches, results, seconds, usage, company } = await measure(folder);
  const rewards = results.flatMap((program) => program.rewards);
  if (rewards.length !== steps.length)
    throw new Error(`${weights}: ${rewards.length} rewards, not ${steps.length}`);
  const gap = largestGap(rewards, steps);
  rows.push({
    weights,
    model: `${identity.name} ${identity.sha256.slice(0, 8)}`,
    "largest difference": gap.toExponential(1),
    "Pearson, steps": pearson(rewards, steps).toFixed(5),
    "Spearman, steps": spearman(rewards, steps).toFixed(5),
    "Spearman, programs": spearman(aggregated(results), aggregated(expected)).toFixed(5),
    "alone against in company": company.toExponential(1),
    batches: batches ? "yes" : "one by one",
    tokens: usage.tokens,
    "tokens/s": Math.round(usage.tokens / seconds),
    holds: weights === "fp32" ? gap <= 1e-4 : spearman(rewards, steps) >= 0.99,
  });
}
writeFileSync(options.out, fitted(report(rows)));
process.stdout.write(report(rows));
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;

function readRequests(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return files.flatMap((name) =>
    readFileSync(`${folder}/${name}`, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}

async function measure(folder) {
  const requests = expected.map(({ statement, steps }) => ({ statement, steps }));
  const scorer = await openOnnxScorer(folder);
  try {
    const start = performance.now();
    const results = await scorer.score(requests);
    const seconds = (performance.now() - start) / 1000;
    const usage = { ...scorer.usage };
    const backwards = (await scorer.score(requests.toReversed())).toReversed();
    let company = Math.max(
      ...requests.map((_, index) => largestGap(results[index].rewards, backwards[index].rewards)),
    );
    for (const [index, request] of requests.slice(0, ALONE).entries()) {
      const [alone] = await scorer.score([request]);
      company = Math.max(company, largestGap(alone.rewards, results[index].rewards));
    }
    return { identity: scorer.identity, batches: scorer.batches, results, seconds, usage, company };
  } finally {
    await scorer.close();
  }
}

function largestGap(a, b) {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}

function report(rows) {
  const columns = Object.keys(rows[0]).filter((name) => name !== "holds");
  return `# ONNX against PyTorch

${expected.length} real candidates (${steps.length} steps) from ../shared, scored by PyTorch in fp32 and by funprm's scorer.
Must hold: fp32 within 1e-4 of PyTorch, int8 rank correlation at least .99 over steps.
"Alone against in company": the largest change of a reward when the same programs come in reverse order, and when
the first ${ALONE} come one by one. Equal prefixes run once, so tokens are those of different sequences.
Load average of the 2 cores at the end: ${loadavg()[1].toFixed(0)}; tokens/s is the wall clock's and a rate of the scorer only where it is about 2.

${line(columns)}
${line(columns.map(() => "---"))}
${rows.map((row) => line(columns.map((name) => row[name]))).join("\n")}

Made by \`npm run build && node benchmarks/parity/run.mjs\` on 2026-11-20, 2 cores, 24 GB, Node 20.20,
after \`python -m funprm_training.research.parity\` in training/.
`;
}
