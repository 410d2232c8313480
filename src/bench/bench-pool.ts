import { createHash } from "node:crypto";
import { type Candidate, codeSha256 } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";
import { type SamplerConfidence, samplerConfidence } from "../core/sampler-confidence.ts";

/** A candidate as a bench keeps it. */
export interface BenchCandidate extends SamplerConfidence {
  readonly sampleIndex: number;
  readonly code: string;
  readonly codeSha256: string;
  /** The sampler's name, to group by and to show; it never reaches a selector. */
  readonly sampler: string;
  readonly model?: string;
  /** The verdict that came with the candidate. */
  readonly recorded?: boolean;
  readonly warnings: readonly string[];
}

/** A problem with all candidates of all samplers, in the order they came. */
export interface BenchProblem {
  /** Without hidden tests. */
  readonly problem: Problem;
  readonly candidates: readonly BenchCandidate[];
}

/** Fields that tell samplers apart: `model`, or any further field of the candidates' lines, such as `prompt`. */
function samplerName(candidate: Candidate, fields: readonly string[]): string {
  const values = fields.map((field) => (field === "model" ? candidate.model : candidate.extra[field]));
  return values.map((value) => textOfFact(value) ?? "unknown").join(" / ");
}

/** A fact of a record as text: what is no text, number or boolean is shown as JSON; undefined when it is absent. */
export function textOfFact(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function benchCandidate(candidate: Candidate, fields: readonly string[]): BenchCandidate {
  const { sampleIndex, code, model, passed, warnings } = candidate;
  return {
    sampleIndex,
    code,
    codeSha256: codeSha256(code),
    sampler: samplerName(candidate, fields),
    ...(model !== undefined && { model }),
    ...(passed !== undefined && { recorded: passed }),
    ...samplerConfidence(candidate),
    warnings,
  };
}

/** Different programs among candidates, those without code left out, in the order they came. */
export function programsOf(candidates: readonly BenchCandidate[]): string[] {
  return [...new Set(candidates.map(({ code }) => code).filter((code) => code.trim() !== ""))];
}

/** A short key of values, for rows of stages: equal values give equal keys. */
export function keyOf(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 32);
}
