import type { Aggregate } from "./aggregate.ts";
import type { StepSize } from "./step.ts";

/** A program to be scored: the problem's statement and the step texts s1..sT, which join to the program. */
export interface ScoreRequest {
  readonly statement: string;
  readonly steps: readonly string[];
}

/** The PRM's answer for one program. */
export interface ProgramRewards {
  /** r_t in [0, 1] for every step t, given the statement and s1..st. */
  readonly rewards: readonly number[];
  /** Tokens cut to fit the context, the largest cut among the program's prefixes; statement first, code last. */
  readonly truncatedTokens: number;
  /** Tokens of the program's own code that were cut, because it alone outgrew the context. */
  readonly truncatedCodeTokens: number;
}

/** What produced a reward; part of every result. */
interface ScorerIdentity {
  readonly name: string;
  /** sha256 of its prm.json, hex, and so of everything that rewards depend on. */
  readonly sha256: string;
  readonly defaultAggregate: Aggregate;
  /** The step size the model was trained on. */
  readonly stepSize: StepSize;
}

/** The costly border to a process reward model. Requests are pure text: no id, label or sampler can get in. */
export interface Scorer {
  readonly identity: ScorerIdentity;
  /** Scores every request, in order. Equal requests are computed once. An empty `steps` gives no rewards. */
  score(
    requests: readonly ScoreRequest[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<ProgramRewards[]>;
  /** Tokens run through the model and requests answered so far, for rates. */
  readonly usage: { readonly tokens: number; readonly programs: number };
  close(): Promise<void>;
}
