// Turns what gather.mjs wrote into what the choice is fitted on: a row a group of candidates, with features and verdicts.
// Run: node benchmarks/choice/rows.mjs GATHERED.jsonl... > groups.jsonl
// A group is all candidates of a problem, those of one sampler, or a random part of 2, 3, 5, 8, 16 or 32 of them, as
// users sample few or many. Features are computed by the product; neither sampler nor problem is among them.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { open } from "../door.mjs";

const { positionals } = parseArgs({ allowPositionals: true, options: { dist: { type: "string" } } });
const { choiceFeatures, exampleScore, seededRandom, selectors } = await open(
  "choiceFeatures",
  "exampleScore",
  "seededRandom",
  "selectors",
);
const SIZES = [2, 3, 5, 8, 16, 32];
const FIXED = ["random", "examples", "examples+agreement", "examples+votes", "auto", "longest"];
/** As furtherInputs and largeInputsOf make them. */
const SMALL = 28;
const MEDIUM = 6;
const MUTATIONS = 12;
const LARGE = 4;
const TOO_SLOW_MS = 5400;
const known = selectors("mean");
let random;

for (const file of positionals) {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const problem = JSON.parse(line);
    random = seededRandom(hash(problem.id));
    const all = problem.programs.flatMap((program) => program.samples.map(([model]) => ({ program, model })));
    for (const [kind, members] of groupsOf(all)) {
      const pool = poolOf(problem, members);
      const passed = members.map(({ program }) => program.passed);
      const { candidates, group } = choiceFeatures(pool);
      const selected = {};
      for (const name of FIXED) selected[name] = shareOf(known.get(name).select(pool), passed);
      const row = {
        problem: problem.id,
        pool: problem.pool,
        kind,
        n: members.length,
        passed,
        candidates,
        group,
        selected,
      };
      process.stdout.write(`${JSON.stringify(row)}\n`);
    }
  }
}

function* groupsOf(all) {
  if (all.length < 2) return;
  yield ["pooled", all];
  const samplers = new Map();
  for (const each of all) samplers.set(each.model, [...(samplers.get(each.model) ?? []), each]);
  for (const members of samplers.values())
    if (members.length > 1 && samplers.size > 1) yield ["sampler", members];
  for (const size of SIZES) if (size < all.length) yield ["part", part(all, size)];
}

function part(all, size) {
  const keyed = all.map((each) => ({ each, key: random.next() }));
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, size)
    .map(({ each }) => each);
}

function poolOf({ exampleCount, programs }, members) {
  const score = ({ program }) => exampleScore(program.examples);
  const best = Math.max(...members.map(score));
  const distinct = new Set(members.filter((member) => score(member) === best).map(({ program }) => program));
  const ran = distinct.size > 1 && [...distinct].every(({ large }) => (large?.answers.length ?? 0) > 0);
  return members.map((member, sampleIndex) => {
    const { program } = member;
    const runs = ran && distinct.has(program) ? largeRuns(program) : undefined;
    return {
      sampleIndex,
      code: `${programs.indexOf(program)}`.padEnd(program.length, "x"),
      ...(exampleCount > 0 && { exampleResults: program.examples }),
      probeAnswers: [
        ...program.model.slice(0, SMALL),
        ...program.medium.slice(0, MEDIUM),
        ...program.mutations.slice(0, exampleCount + MUTATIONS),
      ],
      ...(ran && { largeInputsAnswered: runs?.answered ?? 0 }),
      ...(runs !== undefined && { largeCpuMs: runs.cpuMs }),
    };
  });
}

/** As runLargeInputs counts. */
function largeRuns({ large, largeByShape }) {
  const isTooSlow = ({ answers, ms }) => answers.at(-1) === null && ms.at(-1) > TOO_SLOW_MS;
  const both = isTooSlow(large) ? [large] : [large, largeByShape];
  const answers = both.flatMap((each) => each.answers).slice(0, LARGE);
  const ms = both.flatMap((each) => each.ms).slice(0, LARGE);
  return { answered: answers.filter((answer) => answer !== null).length, cpuMs: Math.max(0, ...ms) };
}

function shareOf(selection, passed) {
  if ("unavailable" in selection) return passed.filter(Boolean).length / passed.length;
  const { best } = selection;
  return best.length === 0 ? 0 : best.filter((index) => passed[index]).length / best.length;
}

function hash(text) {
  let value = 0;
  for (const letter of text) value = (Math.imul(value, 31) + letter.codePointAt(0)) >>> 0;
  return value;
}
