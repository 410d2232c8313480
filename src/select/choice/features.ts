import { exampleScore } from "../../core/example-score.ts";
import { holdsCode, outputSignature, type Pool } from "../../core/evidence.ts";
import { onceEach, reliabilities } from "../execution/votes.ts";

/**
 * What the learned choice looks at, a number a candidate; a candidate's chance never falls when one of them rises.
 * @internal for tests
 */
export const CANDIDATE_FEATURES = [
  "examples", // share of the examples passed
  "all examples", // 1: passes all, and there are some
  "more examples", // log(1 + examples), where it passes all
  "votes", // how far its answers to further inputs are shared, in [0, 1]
  "vote margin", // the same, less the best of those that answer otherwise
  "answers", // share of the further inputs that it answers
  "large inputs", // share of the large inputs that it answers
  "large margin", // the same, less the best of the group
  "quick", // 0: the slowest large input took a second at most; -1: two, -2: four; at least -3
  "quick margin", // 0: at most four times as long as the fastest of the group; -1: eight times; at least -3
  "sound", // 0: nothing wrong was read; below: functions with something wrong, at most 3
] as const;

/**
 * What says how hard the problem is and how much the evidence shows, a number a group.
 * @internal for tests
 */
export const GROUP_FEATURES = [
  "constant",
  "examples known", // 1: there are examples
  "votes known", // 1: there are further inputs that are answered
  "large known", // 1: large inputs ran
  "pass examples", // share of the candidates that pass all examples
  "best votes", // the highest of `votes`
  "behaviours", // log of the number of ways to answer among those that pass most examples
  "candidates", // log of the number of different programs among them
] as const;

export interface ChoiceFeatures {
  /** A row a candidate, in the pool's order, with CANDIDATE_FEATURES then GROUP_FEATURES; null without code. */
  readonly candidates: readonly (readonly number[] | null)[];
  /** GROUP_FEATURES. */
  readonly group: readonly number[];
}

const WORST_SOUNDNESS = -3;

/** The evidence of a pool as numbers; nothing in it names a sampler, a problem or a verdict. */
export function choiceFeatures(pool: Pool): ChoiceFeatures {
  const usable = pool.flatMap((candidate, index) => (holdsCode(candidate) ? [index] : []));
  const score = pool.map(({ exampleResults }) => exampleScore(exampleResults ?? []));
  const best = Math.max(0, ...usable.map((index) => score[index] ?? 0));
  const leading = usable.filter((index) => score[index] === best);
  const votes = votesOf(pool, leading);
  const signatures = new Map(leading.map((index) => [index, signatureOf(pool, index)]));
  const large = sharesOfLarge(pool);
  const fastest = Math.min(...pool.map(({ largeCpuMs }) => largeCpuMs ?? Number.POSITIVE_INFINITY));
  const bestLarge = Math.max(0, ...large.map((share) => share ?? 0));
  const passesAll = (index: number): boolean => {
    const results = pool[index]?.exampleResults ?? [];
    return results.length > 0 && results.every((result) => result !== false);
  };
  const group = [
    1,
    Number(usable.some((index) => (pool[index]?.exampleResults?.length ?? 0) > 0)),
    Number([...votes.values()].some((value) => value > 0)),
    Number(large.some((share) => share !== undefined)),
    usable.length === 0 ? 0 : usable.filter(passesAll).length / usable.length,
    Math.max(0, ...votes.values()),
    Math.log(Math.max(1, new Set(signatures.values()).size)),
    Math.log(Math.max(1, new Set(leading.map((index) => pool[index]?.code)).size)),
  ];
  const candidates = pool.map((candidate, index): readonly number[] | null => {
    if (!holdsCode(candidate)) return null;
    const results = candidate.exampleResults ?? [];
    const own = votes.get(index) ?? 0;
    const others = leading.filter((other) => signatures.get(other) !== signatures.get(index));
    const rival = Math.max(0, ...others.map((other) => votes.get(other) ?? 0));
    const answers = candidate.probeAnswers ?? [];
    const share = large[index];
    return [
      results.length === 0 ? 0 : (score[index] ?? 0) / results.length,
      Number(passesAll(index)),
      passesAll(index) ? Math.log(1 + results.length) : 0,
      own,
      own - rival,
      answers.length === 0 ? 0 : answers.filter((answer) => answer !== null).length / answers.length,
      share ?? 0,
      share === undefined ? 0 : share - bestLarge,
      ...quickness(candidate.largeCpuMs, fastest),
      Math.max(WORST_SOUNDNESS, candidate.soundness ?? 0),
      ...group,
    ];
  });
  return { candidates, group };
}

/** Votes among the programs that pass most examples; the others have none. */
function votesOf(pool: Pool, leading: readonly number[]): ReadonlyMap<number, number> {
  const rows = leading.map((index) => pool[index]?.probeAnswers);
  if (rows.includes(undefined)) return new Map();
  const reliable = reliabilities(
    rows.map((row) => row ?? []),
    onceEach(pool, leading),
  );
  const known = rows.some((row) => (row ?? []).some((answer) => answer !== null));
  return new Map(leading.map((index, i) => [index, known ? (reliable[i] ?? 0) : 0]));
}

function signatureOf(pool: Pool, index: number): string | null {
  return outputSignature(pool[index]?.probeAnswers ?? []);
}

/** Share of the large inputs that each answers; undefined where they did not run. */
function sharesOfLarge(pool: Pool): (number | undefined)[] {
  const most = Math.max(1, ...pool.map(({ largeInputsAnswered }) => largeInputsAnswered ?? 0));
  return pool.map(({ largeInputsAnswered }) =>
    largeInputsAnswered === undefined ? undefined : largeInputsAnswered / most,
  );
}

/** Below these a time says nothing: it is the interpreter's start, or the machine. */
const SHORT_MS = 1000;
const START_MS = 200;
const USUAL_RATIO = 4;
const LEAST_QUICK = -3;

function quickness(cpuMs: number | undefined, fastest: number): [quick: number, margin: number] {
  if (cpuMs === undefined) return [0, 0];
  const slower = (cpuMs + START_MS) / (fastest + START_MS) / USUAL_RATIO;
  return [slowness(cpuMs / SHORT_MS), slowness(slower)];
}

function slowness(ratio: number): number {
  return Math.max(LEAST_QUICK, -Math.max(0, Math.log2(ratio)));
}
