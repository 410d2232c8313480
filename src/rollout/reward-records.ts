import type { ProgramRewards } from "./collect.ts";

/** A line of `collect`: one prefix with its rollouts; the whole program is the last prefix, its reward the clean verdict. */
export function stepRewardLines(program: ProgramRewards, by: Readonly<Record<string, unknown>>): string[] {
  const { candidate, outline, passed, tallies } = program;
  return outline.steps.map((step) => {
    const tally = tallies[step.index];
    const whole = tally === undefined;
    return JSON.stringify({
      problem_id: candidate.problemId,
      sample_index: candidate.sampleIndex,
      ...(candidate.model !== undefined && { model: candidate.model }),
      step: step.index,
      steps: outline.steps.length,
      kind: step.kind,
      name: step.name,
      complete: step.complete,
      whole,
      prefix: outline.code.slice(0, step.end),
      k: whole ? (passed === true ? 1 : 0) : tally.k,
      K: whole ? (passed === null ? 0 : 1) : tally.K,
      reward: rewardOf(program, step.index),
      ...(!whole && { rejected: tally.rejected, unjudged: tally.unjudged }),
      passed,
      by,
    });
  });
}

/** k / K of a prefix, the verdict of a whole program; null when nothing could be judged. */
function rewardOf({ passed, tallies }: ProgramRewards, step: number): number | null {
  const tally = tallies[step];
  if (tally === undefined) return passed === null ? null : Number(passed);
  return tally.K === 0 ? null : tally.k / tally.K;
}
