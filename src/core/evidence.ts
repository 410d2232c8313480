import type { ScoredCandidate } from "./step-rewards.ts";

/**
 * A candidate with all evidence that there is about it. A field that is absent was never measured, which is something
 * else than a bad value.
 */
export interface CandidateEvidence {
  /** Index of the sample, from 0; the lowest wins a tie in use. */
  readonly sampleIndex: number;
  /** The program, blank when the reply held none; null where a stream of candidates keeps rewards but no code. */
  readonly code: string | null;
  /** PRM rewards r_1..r_T in [0, 1]; none for a candidate without code. */
  readonly rewards?: readonly number[];
  /** The same rewards on the steps that they are of; absent where numbers are enough. */
  readonly scored?: ScoredCandidate;
  /** The reward of the program scored as one step: an outcome reward model. */
  readonly programReward?: number;
  /** Mean log-probability of the sample's tokens, where the API gave it. */
  readonly meanLogProbability?: number;
  /** Self-certainty: mean divergence of the token distributions from the uniform one, where the API gave enough. */
  readonly selfCertainty?: number;
  /** An LLM judge's grade; higher is better. */
  readonly judgeGrade?: number;
  /**
   * Minus the number of functions with something wrong that reading shows: a missing method, an undefined name. Read
   * where the statement shows no example as input and output; the lowest integer for what does not compile.
   */
  readonly soundness?: number;
  /** Whether it passes the tests that the user gave. */
  readonly ownTestsPassed?: boolean;
  /** The end of what these tests wrote. */
  readonly ownTestsOutput?: string;
  /** Verdicts of the statement's examples, in the same order for all; null where the statement leaves it open. */
  readonly exampleResults?: readonly (boolean | null)[];
  /** Hash of the answer to every further input, in the same order for all; null where it gave none. */
  readonly probeAnswers?: readonly (string | null)[];
  /** Inputs near the statement's bounds that it answers in time and without an error. */
  readonly largeInputsAnswered?: number;
  /** CPU milliseconds of the slowest of these runs. */
  readonly largeCpuMs?: number;
  /** What an LLM that was asked to tell candidates apart adds; absent for those that were out of the race. */
  readonly separation?: SeparationEvidence;
  /** The true verdict, where the pool is graded; only the oracle and the statistics look at it. */
  readonly passed?: boolean;
}

/** What came of an LLM's help for one candidate. */
export interface SeparationEvidence {
  /** Hash of the answer to every input that the LLM gave, in the same order for all; null where it gave none. */
  readonly answers: readonly (string | null)[];
  /** The answers of its brute-force solution to the further inputs and then to its own: the same row for all. */
  readonly voter?: readonly (string | null)[];
  /** Whether the candidate answers its last input as it predicts; absent for those that no longer tied. */
  readonly predicted?: boolean;
}

/**
 * Kinds of evidence about a candidate, and the field that holds each: what came with it, what running programs shows,
 * what models say, the truth. A selector names the kinds that it needs, a source those that it gives.
 */
const EVIDENCE = {
  "log-probabilities": "meanLogProbability",
  "self-certainty": "selfCertainty",
  "own-tests": "ownTestsPassed",
  soundness: "soundness",
  examples: "exampleResults",
  agreement: "probeAnswers",
  "large-inputs": "largeInputsAnswered",
  speed: "largeCpuMs",
  rewards: "rewards",
  "program-reward": "programReward",
  judge: "judgeGrade",
  separation: "separation",
  verdict: "passed",
} as const satisfies Readonly<Record<string, keyof CandidateEvidence>>;

export type EvidenceKind = keyof typeof EVIDENCE;

/** What a criterion that needs these kinds may look at, so that it cannot read what nobody gathers for it. */
export type EvidenceOf<Kind extends EvidenceKind> = Pick<
  CandidateEvidence,
  "sampleIndex" | "code" | (typeof EVIDENCE)[Kind]
>;

/** The candidates of one problem, all of one sampler unless a pooled comparison is meant. */
export type Pool = readonly CandidateEvidence[];

/** false for a candidate that nothing can be said for: its reply held no program. */
export function holdsCode({ code, rewards }: CandidateEvidence): boolean {
  return code === null ? (rewards?.length ?? 0) > 0 : /\S/.test(code);
}

/** Equal for candidates that answer all further inputs alike; null for one that answers none. */
export function outputSignature(probeAnswers: readonly (string | null)[]): string | null {
  return probeAnswers.every((answer) => answer === null) ? null : probeAnswers.join(" ");
}
