import { type Aggregate, aggregateRewards } from "./aggregate.ts";
import { type Candidate, codeSha256 } from "./candidate.ts";
import type { Problem } from "./problem.ts";
import type { Scorer } from "./scorer.ts";
import { type Step, stepTexts } from "./step.ts";

/** A step with its PRM reward r_t. */
export interface ScoredStep extends Step {
  readonly reward: number;
}

/** A candidate with its rewards and without its code, so that a run over any number of candidates stays small. */
export interface ScoredCandidate {
  readonly problemId: string;
  readonly sampleIndex: number;
  readonly model?: string;
  /** sha256 of the code, hex: equal programs have equal rewards. */
  readonly codeSha256: string;
  /** Aggregated reward; null when the candidate holds no code, or was not scored because nothing needed it. */
  readonly reward: number | null;
  readonly steps: readonly ScoredStep[];
  /** Tokens of statement or code that did not fit the model's context. */
  readonly truncatedTokens: number;
  readonly warnings: readonly string[];
}

/** How step rewards come about. */
export interface StepScoring {
  /** Cuts a program into steps that join to it. */
  readonly split: (code: string) => readonly Step[];
  readonly scorer: Scorer;
  readonly aggregate: Aggregate;
  readonly signal?: AbortSignal;
}

/** R(S) and r_1..r_T of every candidate, in the given order; candidates of several problems may be mixed. */
export async function scoreCandidates(
  pairs: readonly { readonly problem: Problem; readonly candidate: Candidate }[],
  { split, scorer, aggregate, signal }: StepScoring,
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
      ...unscored(candidate),
      reward: steps.length === 0 ? null : aggregateRewards(rewards, aggregate),
      steps: scored,
      truncatedTokens: answer.truncatedTokens,
      warnings: [...candidate.warnings, ...warningsOf(steps, answer.truncatedCodeTokens)],
    };
  });
}

/** r_1..r_T of a scored candidate; none for one without code. */
export function rewardsOf({ steps }: ScoredCandidate): number[] {
  return steps.map(({ reward }) => reward);
}

/** A candidate that no PRM has seen. */
export function unscored({ problemId, sampleIndex, model, code, warnings }: Candidate): ScoredCandidate {
  return {
    problemId,
    sampleIndex,
    ...(model === undefined ? {} : { model }),
    codeSha256: codeSha256(code),
    reward: null,
    steps: [],
    truncatedTokens: 0,
    warnings,
  };
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
