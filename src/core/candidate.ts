import { createHash } from "node:crypto";

/** One program that an LLM wrote for a problem. */
export interface Candidate {
  readonly problemId: string;
  /** Index of the sample among the problem's samples, from 0. */
  readonly sampleIndex: number;
  /** The program, already taken out of the reply; "" when the reply held none. */
  readonly code: string;
  /** The reply as it came, when it was more than the program. */
  readonly reply?: string;
  /** Name of the sampler, carried through to results and never into a score. */
  readonly model?: string;
  /** A recorded verdict, carried through and never into a score. */
  readonly passed?: boolean;
  /** What a user should know before trusting this candidate: cut off at the token limit, no code found. */
  readonly warnings: readonly string[];
  /** Fields of the input line that funprm does not know, written back as they came. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** sha256 of a program's text, hex: equal programs are one program. */
export function codeSha256(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}
