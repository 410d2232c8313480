/** funprm as a library: one call each, then the method, its borders, and what is behind them. */
export { solve, type Solution, type SolveOptions } from "./library/solve.ts";
export { rank, type RankOptions } from "./library/rank.ts";
export { grade, type GradeCallOptions } from "./library/grade.ts";
export type { CandidateInput, CandidateRecord, ProblemInput, ProblemRecord } from "./library/input.ts";
export type { CallOptions, RunningOptions, ScoringOptions } from "./library/options.ts";

export { type Aggregate, AGGREGATES, aggregateRewards } from "./core/aggregate.ts";
export {
  bestOfN,
  type Choice,
  choose,
  type EvidenceSource,
  type Method,
  stepRewards,
} from "./core/best-of-n.ts";
export type { Candidate } from "./core/candidate.ts";
export { EXIT_CODE, type ErrorCode, FunprmError } from "./core/errors.ts";
export type { Problem, TestCase } from "./core/problem.ts";
export type { CandidateEvidence, EvidenceKind, Pool } from "./core/evidence.ts";
export type { RankedCandidate } from "./core/ranking.ts";
export type { ProgramRewards, ScoreRequest, Scorer } from "./core/scorer.ts";
export type { Selection, Selector } from "./core/selector.ts";
export { scoreCandidates, type ScoredCandidate, type StepScoring } from "./core/step-rewards.ts";
export { type Step, type StepSize, stepTexts } from "./core/step.ts";
export { candidateOptions, readCandidates } from "./formats/candidates.ts";
export { ProblemIndex } from "./formats/problem-file.ts";
export { readProblems } from "./formats/problems.ts";
export { gradeCandidates } from "./grade/grader.ts";
export type { Graded } from "./grade/verdict.ts";
export type { Verdict } from "./core/verdict.ts";
export { extractCode } from "./reply/extract.ts";
export type { Llm, Sample, SampleRequest } from "./llm/llm.ts";
export { openAiLlm } from "./llm/openai-client.ts";
export { startReplayServer } from "./replay/server.ts";
export { openOnnxScorer } from "./prm/scoring/onnx-scorer.ts";
export { openScorer } from "./prm/open-scorer.ts";
export { BUNDLED_PRM, resolvePrm } from "./prm/manifest/resolve.ts";
export type { RewardItem, RewardRequest, RewardWish } from "./reward/item.ts";
export type { RewardRecord } from "./reward/record.ts";
export { Rewards, type RewardsOptions } from "./reward/rewards.ts";
export { renderRun, type RenderOptions } from "./report/render-run.ts";
export { openSandbox } from "./sandbox/open-sandbox.ts";
export { selectorByName } from "./select/index.ts";
export { type Confidence, confidenceOf } from "./solve/confidence.ts";
export { executionSources } from "./statement/run/execution-sources.ts";
export { loadPythonParser, splitSteps } from "./steps/index.ts";
