/**
 * Best of N: FunPRM's inference (arXiv 2601.22249, section 3), with whatever other evidence the selector looks at.
 *
 *   problem x, candidates S^1..S^N sampled from an LLM
 *   S^i = (s_1..s_T)                     a program is the sequence of its function steps        steps/
 *   r_t = PRM(x, s_1..s_t)               the reward of every step, given all that precedes it   prm/
 *   E^i = rewards r_1..r_T, examples passed, agreement of outputs, ...                          statement/
 *   S* = select(E^1..E^N)                FunPRM: argmax_i aggregate(r_1..r_T)                   select/
 *
 * `solve`, `serve`, `score` and the library call `bestOfN`. `rank` and `bench` hold more candidates than fit into memory
 * at once: they gather the same evidence piece by piece, and choose with the same selectors.
 */
import type { Candidate } from "./candidate.ts";
import { FunprmError } from "./errors.ts";
import type { CandidateEvidence, EvidenceKind, Pool } from "./evidence.ts";
import type { Problem } from "./problem.ts";
import { type RankedCandidate, rankCandidates } from "./ranking.ts";
import type { Selection, Selector } from "./selector.ts";
import {
  rewardsOf,
  scoreCandidates,
  type ScoredCandidate,
  type StepScoring,
  unscored,
} from "./step-rewards.ts";

/** Where evidence comes from: the PRM, the sandbox, a judge. */
export interface EvidenceSource {
  readonly gives: readonly EvidenceKind[];
  /** Asked even if a single program is left, which needs no choosing. Default: false. */
  readonly evenOne?: boolean;
  /**
   * New fields for every candidate, in the order of `candidates`; those that are not `open` need none, since no
   * evidence can make them the choice. `pool` holds what earlier sources gave.
   */
  gather(
    problem: Problem,
    candidates: readonly Candidate[],
    pool: Pool,
    open: ReadonlySet<number>,
  ): Promise<readonly Partial<CandidateEvidence>[]>;
}

export interface Method {
  readonly selector: Selector;
  /** In the order in which they are asked; only those that give what the selector needs are. */
  readonly sources: readonly EvidenceSource[];
}

/** What a selector made of the N candidates of one problem. */
export interface Choice {
  /** Best first; the first one is `selected` unless none holds code. */
  readonly ranking: readonly RankedCandidate[];
  readonly selection: Selection;
  /** The evidence, in the order of the candidates. */
  readonly pool: Pool;
}

/** @throws FunprmError `usage` when the selector lacks evidence that it cannot do without */
export async function bestOfN(
  problem: Problem,
  candidates: readonly Candidate[],
  { selector, sources }: Method,
): Promise<Choice> {
  let pool: Pool = candidates.map(({ sampleIndex, code }) => ({ sampleIndex, code }));
  for (const source of sources) {
    if (!source.gives.some((kind) => selector.needs.includes(kind))) continue;
    const open = stillOpen(pool, selector);
    const isDecided = selector.optional && new Set([...open].map((i) => candidates[i]?.code)).size < 2;
    if (isDecided && source.evenOne !== true) continue;
    const found = await source.gather(problem, candidates, pool, open);
    pool = pool.map((evidence, i) => ({ ...evidence, ...found[i] }));
  }
  const scored = candidates.map((candidate, i) => pool[i]?.scored ?? unscored(candidate));
  return { ...choose(problem.id, scored, pool, selector), pool };
}

/** Candidates that more evidence could still choose; a selector that can do without some narrows them down. */
function stillOpen(pool: Pool, selector: Selector): ReadonlySet<number> {
  const selection = selector.optional ? selector.select(pool) : undefined;
  const all = pool.map((_, index) => index);
  return new Set(selection === undefined || "unavailable" in selection ? all : selection.best);
}

/** The PRM as a source of evidence; `open` is called when rewards are needed for the first time. */
export function stepRewards(open: () => Promise<StepScoring>): EvidenceSource {
  return {
    gives: ["rewards"],
    async gather(problem, candidates, _pool, wanted) {
      const asked = candidates.filter((_, index) => wanted.has(index));
      const pairs = asked.map((candidate) => ({ problem, candidate }));
      const scored = await scoreCandidates(pairs, await open());
      return candidates.map((candidate) => {
        const row = scored[asked.indexOf(candidate)];
        return row === undefined ? {} : { rewards: rewardsOf(row), scored: row };
      });
    },
  };
}

/** Orders candidates by a selector; `scored` and `pool` are of the same candidates in one order. Throws as `bestOfN`. */
export function choose(
  problemId: string,
  scored: readonly ScoredCandidate[],
  pool: Pool,
  selector: Selector,
): Omit<Choice, "pool"> {
  const selection = selector.select(pool);
  if ("unavailable" in selection) {
    throw new FunprmError(
      "usage",
      `--select ${selector.name} needs ${selection.unavailable}, which problem ${problemId} does not give; use --select auto`,
    );
  }
  return { selection, ranking: rankCandidates(scored, pool, selection) };
}
