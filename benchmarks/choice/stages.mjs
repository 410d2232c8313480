// What each stage of `auto` is worth: every kind of evidence taken out in turn, on groups with both verdicts.
// Run: node benchmarks/choice/stages.mjs GATHERED.jsonl...
// Nothing is fitted. Intervals are of the paired difference to `auto`, bootstrap over problems.
import { parseArgs } from "node:util";
import { open } from "../door.mjs";
import { bootstrap, mean, three } from "../evidence/statistics.mjs";
import { table } from "../grading/setup.mjs";
import { gatheredGroups, shareOf } from "./groups.mjs";

const { positionals } = parseArgs({ allowPositionals: true, options: { dist: { type: "string" } } });
const { selectors } = await open("selectors");
const auto = selectors("mean").get("auto");
const STAGES = {
  auto: [],
  "without examples": ["exampleResults"],
  "without votes": ["probeAnswers"],
  "without large inputs": ["largeInputsAnswered", "largeCpuMs"],
  "without speed": ["largeCpuMs"],
  "examples alone": ["probeAnswers", "largeInputsAnswered", "largeCpuMs"],
  "votes alone": ["exampleResults", "largeInputsAnswered", "largeCpuMs"],
};

const kinds = new Map();
for await (const { problem, kind, pool, passed } of gatheredGroups(positionals, "all")) {
  if (new Set(passed).size < 2) continue;
  const row = { id: problem.id, random: mean(passed.map(Number)) };
  for (const [stage, fields] of Object.entries(STAGES))
    row[stage] = shareOf(auto.select(pool.map((each) => without(each, fields))), passed);
  kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
}
for (const [kind, rows] of kinds) {
  console.log(
    `\n${kind}: ${rows.length} mixed groups of ${new Set(rows.map(({ id }) => id)).size} problems\n`,
  );
  const lines = ["random", ...Object.keys(STAGES)].map((name) => {
    const [low, high] = bootstrap(
      rows.map((row) => [row.id, row[name] - row.auto]),
      mean,
      2000,
    );
    const difference = three(mean(rows.map((row) => row[name] - row.auto)));
    return [
      name,
      three(mean(rows.map((row) => row[name]))),
      name === "auto" ? "" : `${difference} [${three(low)}, ${three(high)}]`,
    ];
  });
  console.log(table(["chosen by", "right", "less `auto`"], lines).join("\n"));
}

function without(evidence, fields) {
  return Object.fromEntries(Object.entries(evidence).filter(([key]) => !fields.includes(key)));
}
