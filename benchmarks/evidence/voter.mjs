// What one more voter does to a choice by votes, if it is right and if it is wrong: a stand-in for the brute-force solution
// that `solve --separate` asks an LLM for. No LLM is asked: the stand-in is a recorded candidate with a known verdict,
// taken out of its group.
// Run: npm run build && node benchmarks/choice/gather.mjs --pool livecodebench-v5 --out rows.jsonl
//      node benchmarks/evidence/voter.mjs rows.jsonl        (prints the table of results/separation.md)
// Train problems of livecodebench-v5, candidates of all samplers pooled, groups that are still mixed without the stand-in.
// Every candidate is the stand-in once, beside all others and beside ten random fours of them; a problem counts as the
// mean over its groups. Intervals: problems are drawn.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { open } from "../door.mjs";
import { bootstrap, mean, three } from "./statistics.mjs";

const { positionals } = parseArgs({ allowPositionals: true, options: { dist: { type: "string" } } });
const { exampleScore, reliabilities, seededRandom } = await open(
  "exampleScore",
  "reliabilities",
  "seededRandom",
);

/** As furtherInputs makes them. */
const SMALL = 28;
const MEDIUM = 6;
const MUTATIONS = 12;
/** How many of the m programs one independent voter weighs: 1 + (m - 1) c. */
const CORRELATIONS = [0, 0.25, 0.5, 0.75, 1];

const problems = positionals.flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line)),
);

const answersOf = ({ model, medium, mutations }, exampleCount) => [
  ...model.slice(0, SMALL),
  ...medium.slice(0, MEDIUM),
  ...mutations.slice(0, exampleCount + MUTATIONS),
];

/** Share of right ones among those that tie for best, with a voter or without. */
function selected(group, exampleCount, voter, correlation) {
  const best = Math.max(...group.map(({ examples }) => exampleScore(examples)));
  const leading = group.filter(({ examples }) => exampleScore(examples) === best);
  const rows = leading.map((program) => answersOf(program, exampleCount));
  const weights = rows.map(() => 1);
  if (voter !== undefined) {
    rows.push(answersOf(voter, exampleCount));
    weights.push(1 + (leading.length - 1) * correlation);
  }
  const votes = reliabilities(rows, weights)
    .slice(0, leading.length)
    .map((value) => Math.round(value * 1e9));
  const most = Math.max(...votes);
  return mean(leading.flatMap(({ passed }, i) => (votes[i] === most ? [Number(passed)] : [])));
}

const random = seededRandom(1);
const FOUR = 4;
const DRAWS = 10;
const isMixed = (group) => new Set(group.map(({ passed }) => passed)).size > 1;

/** Groups of the other programs, each mixed. */
function groupsOf(others, size) {
  if (size === "all") return isMixed(others) ? [others] : [];
  if (others.length <= size) return [];
  const draws = Array.from({ length: DRAWS }, () =>
    others
      .map((program) => ({ program, key: random.next() }))
      .toSorted((a, b) => a.key - b.key)
      .slice(0, size)
      .map(({ program }) => program),
  );
  return draws.filter(isMixed);
}

const isRefused = ({ examples }) => examples.includes(false);
const KINDS = [
  { kind: "right", isKind: ({ passed }) => passed },
  { kind: "wrong, passes the examples", isKind: (program) => !program.passed && !isRefused(program) },
];
const CASES = ["all", FOUR].flatMap((size) => KINDS.map((each) => ({ ...each, size, found: [] })));
const refused = { wrong: 0, ofWrong: 0, right: 0, ofRight: 0 };
for (const { id, exampleCount, programs } of problems) {
  for (const { size, isKind, found } of CASES) {
    const each = programs.filter(isKind).flatMap((voter) =>
      groupsOf(
        programs.filter((program) => program !== voter),
        size,
      ).map((group) => ({
        without: selected(group, exampleCount),
        with: CORRELATIONS.map((c) => selected(group, exampleCount, voter, c)),
      })),
    );
    if (each.length > 0) found.push([id, each]);
  }
  for (const program of programs) {
    refused[program.passed ? "ofRight" : "ofWrong"] += 1;
    if (isRefused(program)) refused[program.passed ? "right" : "wrong"] += 1;
  }
}

const interval = (pairs) => {
  const [low, high] = bootstrap(pairs);
  return `${three(mean(pairs.map(([, value]) => value)))} [${three(low)}, ${three(high)}]`;
};
console.log(`${problems.length} problems gathered\n`);
console.log(
  `| stand-in | beside | problems | without | ${CORRELATIONS.map((c) => `c = ${c}`).join(" | ")} |\n|${"---|".repeat(CORRELATIONS.length + 4)}`,
);
for (const { size, kind, found: pairs } of CASES) {
  const without = pairs.map(([id, each]) => [id, mean(each.map((one) => one.without))]);
  const gains = CORRELATIONS.map((_, i) =>
    pairs.map(([id, each]) => [id, mean(each.map((one) => one.with[i] - one.without))]),
  );
  console.log(
    `| ${kind} | ${size} | ${pairs.length} | ${interval(without)} | ${gains.map(interval).join(" | ")} |`,
  );
}
console.log(
  `\nrefused, since it fails an example: ${refused.wrong} of ${refused.ofWrong} wrong programs, ${refused.right} of ${refused.ofRight} right ones`,
);
