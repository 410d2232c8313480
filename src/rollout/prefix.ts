import { createHash } from "node:crypto";
import type { Candidate } from "../core/candidate.ts";
import type { Outline } from "./outline.ts";

/** The beginning of a program, by its text. */
export interface PrefixText {
  readonly problemId: string;
  /** Index of its last step, t - 1. */
  readonly step: number;
  readonly text: string;
  /** sha256 of `text`, hex: equal prefixes of a problem have equal rewards. */
  readonly sha256: string;
}

/** The first steps of a real program, s1..st: what a rollout starts from and must keep. */
export interface Prefix extends PrefixText {
  readonly candidate: Candidate;
  readonly outline: Outline;
}

/** Every prefix of a program that leaves something to write: all but the whole program. */
export function properPrefixes(candidate: Candidate, outline: Outline): Prefix[] {
  return outline.steps.slice(0, -1).map((step) => prefixAt(candidate, outline, step.index));
}

/** @internal for tests */
export function prefixAt(candidate: Candidate, outline: Outline, step: number): Prefix {
  const text = outline.code.slice(0, outline.steps[step]?.end ?? 0);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { problemId: candidate.problemId, candidate, outline, step, text, sha256 };
}
