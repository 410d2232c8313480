import type { Aggregate } from "../core/aggregate.ts";
import type { Step } from "../core/step.ts";
import type { RankedCandidate } from "../core/ranking.ts";
import type { ScoredStep } from "../core/step-rewards.ts";
import { codePointOffsets } from "../steps/index.ts";

/** What produced a reward, in every row that carries one. */
export interface Provenance {
  readonly funprm: string;
  readonly prm: string;
  readonly prm_sha256: string;
  readonly steps: string;
  readonly aggregate: Aggregate;
}

/** A line of `split`: offsets in Unicode code points, as Python's str and most readers count characters. */
export function stepRecords(code: string, steps: readonly Step[]): object[] {
  const offsets = codePointOffsets(code, [
    ...steps.map((step) => step.start),
    ...steps.map((step) => step.end),
  ]);
  return steps.map((step, i) => ({
    index: step.index,
    kind: step.kind,
    name: step.name,
    start_line: step.startLine,
    end_line: step.endLine,
    start: offsets[i],
    end: offsets[steps.length + i],
    complete: step.complete,
  }));
}

/** A step of `score` and `rank`. */
export function scoredStepRecord(step: ScoredStep): object {
  return {
    index: step.index,
    kind: step.kind,
    name: step.name,
    start_line: step.startLine,
    end_line: step.endLine,
    reward: step.reward,
  };
}

/** A line of `rank`; inside a result that names its provenance once, without `by`. */
export function rankRecord(ranked: RankedCandidate, by?: Provenance): object {
  return {
    problem_id: ranked.problemId,
    rank: ranked.rank,
    sample_index: ranked.sampleIndex,
    ...(ranked.model === undefined ? {} : { model: ranked.model }),
    reward: ranked.reward,
    steps: ranked.steps.map(scoredStepRecord),
    selected: ranked.selected,
    duplicate_of: ranked.duplicateOf,
    truncated_tokens: ranked.truncatedTokens,
    warnings: ranked.warnings,
    ...(ranked.soundness === undefined ? {} : { soundness: ranked.soundness }),
    ...(by === undefined ? {} : { by }),
  };
}
