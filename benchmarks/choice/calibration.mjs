// How far the shipped confidence can be trusted, on groups of gather.mjs or of evidence/bigcodebench.mjs: the chance that it
// gives the program that `auto` chooses, beside the verdict. Nothing is fitted here.
// Run: node benchmarks/choice/calibration.mjs GATHERED.jsonl...
//   --large open     as rows.mjs: large inputs as `solve` runs them, or `all`, as `bench` does
import { parseArgs } from "node:util";
import { open } from "../door.mjs";
import { groupBy, mean, three } from "../evidence/statistics.mjs";
import { table } from "../grading/setup.mjs";
import { gatheredGroups } from "./groups.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { dist: { type: "string" }, large: { type: "string", default: "open" } },
});
const { auc, passProbability, selectors } = await open("auc", "passProbability", "selectors");
const auto = selectors("mean").get("auto");
const BINS = 10;

const judged = [];
for await (const { problem, kind, pool, passed } of gatheredGroups(positionals, values.large)) {
  const probability = passProbability(pool);
  const { chosen } = auto.select(pool);
  if (probability === undefined || chosen === null) continue;
  judged.push({
    kind: `${problem.pool}, ${kind}`,
    sure: probability.candidates[chosen],
    right: passed[chosen],
    none: probability.none,
    fails: !passed.some(Boolean),
  });
}
const rows = [...groupBy(judged, ({ kind }) => kind)].map(([kind, each]) => [
  kind,
  each.length,
  three(mean(each.map(({ sure }) => sure))),
  three(mean(each.map(({ right }) => Number(right)))),
  ...figures(
    each.map(({ sure }) => sure),
    each.map(({ right }) => right),
  ),
  ...figures(
    each.map(({ none }) => none),
    each.map(({ fails }) => fails),
  ),
]);
const head = ["groups of", "groups", "mean confidence", "right", "error", "AUC", "none passes: error", "AUC"];
console.log(table(head, rows).join("\n"));

/** Calibration error over ten bins of equal width, and AUC. */
function figures(chances, outcomes) {
  const bins = groupBy(
    chances.map((chance, i) => ({ chance, outcome: Number(outcomes[i]) })),
    ({ chance }) => Math.min(BINS - 1, Math.floor(chance * BINS)),
  );
  const error = [...bins.values()].reduce(
    (sum, bin) => sum + Math.abs(bin.reduce((gap, { chance, outcome }) => gap + chance - outcome, 0)),
    0,
  );
  return [three(error / chances.length), three(auc(chances, outcomes) ?? undefined)];
}
