/**
 * FunPRM's inference (arXiv 2601.22249, section 3; notation of shared terms in README "How it works"):
 *
 *   problem x, candidates S^1..S^N sampled from an LLM
 *   S^i = (s_1..s_T)                     a program is the sequence of its function steps
 *   r_t = PRM(x, s_1..s_t)               the reward of every step, given all that precedes it
 *   R(S^i) = aggregate(r_1..r_T)         one number a program
 *   S* = argmax_i R(S^i)                 the program that is returned
 */
import { type Aggregate, aggregateRewards } from "./aggregate.ts";
import { type Candidate, codeSha256 } from "./candidate.ts";
import type { Problem } from "./problem.ts";
import type { RankedCandidate, ScoredCandidate } from "./ranking.ts";
import { rankCandidates } from "./ranking.ts";
import type { Scorer } from "./scorer.ts";
import { type Step, stepTexts } from "./step.ts";

/** What best-of-N needs beside the candidates. */
export interface Method {
  /** Cuts a program into steps that join to it. */
  readonly split: (code: string) => readonly Step[];
  readonly scorer: Scorer;
  readonly aggregate: Aggregate;
  readonly signal?: AbortSignal;
}

/** The N candidates of one problem, best first; the first one is `selected` unless none holds code. */
export async function bestOfN(
  problem: Problem,
  candidates: readonly Candidate[],
  method: Method,
): Promise<RankedCandidate[]> {
  const pairs = candidates.map((candidate) => ({ problem, candidate }));
  return rankCandidates(await scoreCandidates(pairs, method));
}

/** R(S) and r_1..r_T of every candidate, in the given order; candidates of several problems may be mixed. */
export async function scoreCandidates(
  pairs: readonly { readonly problem: Problem; readonly candidate: Candidate }[],
  { split, scorer, aggregate, signal }: Method,
): Promise<ScoredCandidate[]> {
  const programs = pairs.map(({ problem, candidate: { code } }) => ({
    problem,
    code,
    steps: code.trim() === "" ? [] : split(code),
  }));
  const requests = programs.map(({ problem, code, steps }) => ({
    statement: problem.statement,
    steps: stepTexts(code, steps),
  }));
  const answers = await scorer.score(requests, signal === undefined ? {} : { signal });
  return pairs.map(({ candidate }, i) => {
    const steps = programs[i]?.steps ?? [];
    const answer = answers[i] ?? { rewards: [], truncatedTokens: 0, truncatedCodeTokens: 0 };
    const scored = steps.map((step, t) => ({ ...step, reward: stepReward(step, answer.rewards[t]) }));
    const rewards = scored.map((step) => step.reward);
    return {
      problemId: candidate.problemId,
      sampleIndex: candidate.sampleIndex,
      ...(candidate.model === undefined ? {} : { model: candidate.model }),
      codeSha256: codeSha256(candidate.code),
      reward: steps.length === 0 ? null : aggregateRewards(rewards, aggregate),
      steps: scored,
      truncatedTokens: answer.truncatedTokens,
      warnings: [...candidate.warnings, ...warningsOf(steps, answer.truncatedCodeTokens)],
    };
  });
}

/** A step that does not parse ends every hope of passing: its reward is the label of a failing program, 0. */
function stepReward(step: Step, reward: number | undefined): number {
  if (reward === undefined) throw new Error(`the scorer gave no reward for step ${step.index}`);
  return step.complete ? reward : 0;
}

function warningsOf(steps: readonly Step[], truncatedCodeTokens: number): string[] {
  const warnings: string[] = [];
  if (steps.length === 0) warnings.push("holds no code");
  if (steps.some((step) => !step.complete)) warnings.push("does not parse or is cut off");
  if (truncatedCodeTokens > 0) {
    warnings.push(
      `code longer than the model's context: its first ${truncatedCodeTokens} tokens were not seen`,
    );
  }
  return warnings;
}
