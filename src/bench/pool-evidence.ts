import type { CandidateEvidence } from "../core/evidence.ts";
import { programsOf } from "./bench-pool.ts";
import type { ExecutionStage } from "./stages/execution-stage.ts";
import type { GradeStage, Judgement } from "./stages/grade-stage.ts";
import type { JudgeStage } from "./stages/judge-stage.ts";
import type { ProgramScore, ScoreStage } from "./stages/score-stage.ts";
import type { Group } from "./results/pool-views.ts";

/** Everything the stages found out. */
export interface Stages {
  readonly scores: ScoreStage;
  readonly execution: ExecutionStage;
  readonly grades: GradeStage;
  readonly judge: JudgeStage;
  /** Groups whose candidates all have the same verdict are left alone: whatever is chosen there comes to the same. */
  readonly mixedOnly: boolean;
}

/** A group with all evidence about it. */
export interface GatheredGroup {
  readonly group: Group;
  /** In the group's order; without verdicts where nothing is known. */
  readonly pool: readonly CandidateEvidence[];
  readonly judgements: readonly Judgement[];
  readonly scores: readonly (ProgramScore | undefined)[];
  /** No evidence was wanted, because no choice could matter. */
  readonly settled: boolean;
}

/** Puts together what the stages found out about a group; null while a stage has not come to it. */
export function gather(group: Group, stages: Stages): GatheredGroup | null {
  const { problem, candidates } = group;
  const { scores, execution, grades, judge } = stages;
  const settled = isSettled(group, stages);
  if (!settled && !execution.isComplete(group)) return null;
  const programs = settled ? [] : programsOf(candidates);
  const shown = new Map(
    execution.evidence(problem, programs).map((evidence, i) => [programs[i] ?? "", evidence]),
  );
  const judgements: Judgement[] = [];
  const scored: (ProgramScore | undefined)[] = [];
  const pool: CandidateEvidence[] = [];
  for (const candidate of candidates) {
    const { code, sampleIndex, meanLogProbability, selfCertainty } = candidate;
    const isScored = code.trim() !== "" && scores.wanted && !settled;
    const judgement = grades.judgement(problem, candidate);
    const score = isScored ? scores.get(problem, code) : undefined;
    if (judgement === undefined || (isScored && score === undefined)) return null;
    const isJudged = code.trim() !== "" && judge.wanted && !settled;
    const grade = isJudged ? judge.grade(problem, code) : undefined;
    if (isJudged && grade === undefined) return null;
    judgements.push(judgement);
    scored.push(score);
    pool.push({
      sampleIndex,
      code,
      ...(score !== undefined && { rewards: score.rewards }),
      ...(score?.programReward !== undefined && { programReward: score.programReward }),
      ...(meanLogProbability !== undefined && { meanLogProbability }),
      ...(selfCertainty !== undefined && { selfCertainty }),
      ...(typeof grade === "number" && { judgeGrade: grade }),
      ...shown.get(code),
      ...(judgement.passed !== null && { passed: judgement.passed }),
    });
  }
  return { group, pool, judgements, scores: scored, settled };
}

/** Whether a group needs no evidence. false until all of it is graded. */
export function isSettled({ problem, candidates }: Group, { grades, mixedOnly }: Stages): boolean {
  if (!mixedOnly) return false;
  const judgements = candidates.map((candidate) => grades.judgement(problem, candidate));
  if (judgements.includes(undefined)) return false;
  return new Set(judgements.flatMap((each) => each?.passed ?? [])).size < 2;
}
