// Turns what gather.mjs wrote into what the choice is fitted on: a row a group of candidates, with features and verdicts.
// Run: node benchmarks/choice/rows.mjs GATHERED.jsonl... > groups.jsonl
//   --large open     large inputs are known of the programs that everything else leaves tied, as `solve` and `rank` run
//                    them; all: of every program that leads by the examples, as `bench` does
// A group is all candidates of a problem, those of one sampler, or a random part of 2, 3, 5, 8, 16 or 32 of them, as
// users sample few or many. Features are computed by the product; neither sampler nor problem is among them.
import { parseArgs } from "node:util";
import { open } from "../door.mjs";
import { gatheredGroups, shareOf } from "./groups.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { dist: { type: "string" }, large: { type: "string", default: "open" } },
});
const { choiceFeatures, selectors } = await open("choiceFeatures", "selectors");
const FIXED = ["random", "examples", "examples+agreement", "examples+votes", "auto", "longest"];
const known = selectors("mean");

for await (const { problem, kind, pool, passed } of gatheredGroups(positionals, values.large)) {
  const { candidates, group } = choiceFeatures(pool);
  const selected = {};
  for (const name of FIXED) selected[name] = shareOf(known.get(name).select(pool), passed);
  const row = {
    problem: problem.id,
    pool: problem.pool,
    kind,
    n: pool.length,
    passed,
    candidates,
    group,
    selected,
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}
