// What gather.mjs wrote, as groups of candidates with the evidence that the product would have about them.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { open } from "../door.mjs";

const { exampleScore, seededRandom, selectors } = await open("exampleScore", "seededRandom", "selectors");
const SIZES = [2, 3, 5, 8, 16, 32];
/** As furtherInputs and largeInputsOf make them. */
const SMALL = 28;
const MEDIUM = 6;
const MUTATIONS = 12;
const LARGE = 4;
const TOO_SLOW_MS = 5400;
const known = selectors("mean");

/**
 * Every group of the files: `{problem, kind, pool, passed}`. `large` says of which programs large inputs are known: of those
 * that everything else leaves tied (`open`, as `solve` runs them) or of all that lead by the examples (`all`, as `bench`).
 */
export async function* gatheredGroups(files, large) {
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const problem = parsed(line);
      const random = seededRandom(hash(problem.id));
      const all = problem.programs.flatMap((program) =>
        program.samples.map(([model]) => ({ program, model })),
      );
      for (const [kind, members] of groupsOf(all, random))
        yield {
          problem,
          kind,
          pool: poolOf(problem, members, large),
          passed: members.map(({ program }) => program.passed),
        };
    }
  }
}

/** Share of passing candidates among those that a selection ties for best. */
export function shareOf(selection, passed) {
  if ("unavailable" in selection) return passed.filter(Boolean).length / passed.length;
  const { best } = selection;
  return best.length === 0 ? 0 : best.filter((index) => passed[index]).length / best.length;
}

function* groupsOf(all, random) {
  if (all.length < 2) return;
  yield ["pooled", all];
  const samplers = new Map();
  for (const each of all) samplers.set(each.model, [...(samplers.get(each.model) ?? []), each]);
  for (const members of samplers.values())
    if (members.length > 1 && samplers.size > 1) yield ["sampler", members];
  for (const size of SIZES) if (size < all.length) yield ["part", part(all, size, random)];
}

function part(all, size, random) {
  const keyed = all.map((each) => ({ each, key: random.next() }));
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, size)
    .map(({ each }) => each);
}

function poolOf(problem, members, large) {
  const small = members.map((member, sampleIndex) => smallOf(problem, member, sampleIndex));
  const score = ({ exampleResults = [] }) => exampleScore(exampleResults);
  const best = Math.max(...small.map(score));
  const open =
    large === "all"
      ? small.flatMap((each, index) => (score(each) === best ? [index] : []))
      : known.get("auto").select(small).best;
  const distinct = new Set(open.map((index) => members[index].program));
  const ran =
    best > 0 &&
    distinct.size > 1 &&
    [...distinct].every((program) => (program.large?.answers.length ?? 0) > 0);
  if (!ran) return small;
  return small.map((each, index) => {
    if (!open.includes(index)) return large === "all" ? { ...each, largeInputsAnswered: 0 } : each;
    const { answered, cpuMs } = largeRuns(members[index].program);
    return { ...each, largeInputsAnswered: answered, largeCpuMs: cpuMs };
  });
}

/** A line of gather.mjs, or of evidence/bigcodebench.mjs, where the evidence is as the product has it. */
function parsed(line) {
  const problem = JSON.parse(line);
  if (problem.pool !== undefined) return problem;
  const programs = problem.programs.map(({ model, ...program }) => ({ ...program, samples: [[model]] }));
  return { ...problem, pool: "bigcodebench", programs };
}

function smallOf({ exampleCount, programs }, { program }, sampleIndex) {
  if (program.code !== undefined) {
    const { code, soundness, exampleResults = [], probeAnswers = [] } = program;
    return {
      sampleIndex,
      code,
      ...(soundness !== undefined && { soundness }),
      ...(exampleResults.length > 0 && { exampleResults }),
      ...(probeAnswers.length > 0 && { probeAnswers }),
    };
  }
  return {
    sampleIndex,
    code: `${programs.indexOf(program)}`.padEnd(program.length, "x"),
    ...(exampleCount > 0 && { exampleResults: program.examples }),
    probeAnswers: [
      ...program.model.slice(0, SMALL),
      ...program.medium.slice(0, MEDIUM),
      ...program.mutations.slice(0, exampleCount + MUTATIONS),
    ],
  };
}

/** As runLargeInputs counts. */
function largeRuns({ large, largeByShape }) {
  const isTooSlow = ({ answers, ms }) => answers.at(-1) === null && ms.at(-1) > TOO_SLOW_MS;
  const both = isTooSlow(large) ? [large] : [large, largeByShape];
  const answers = both.flatMap((each) => each.answers).slice(0, LARGE);
  const ms = both.flatMap((each) => each.ms).slice(0, LARGE);
  return { answered: answers.filter((answer) => answer !== null).length, cpuMs: Math.max(0, ...ms) };
}

function hash(text) {
  let value = 0;
  for (const letter of text) value = (Math.imul(value, 31) + letter.codePointAt(0)) >>> 0;
  return value;
}
