import type { Problem } from "../core/problem.ts";
import type { Prefix, PrefixText } from "./prefix.ts";

/** One completion of a prefix. */
export interface Rollout<P extends PrefixText = Prefix> {
  readonly prefix: P;
  /** Position among the prefix's rollouts, from 0; the first K of a larger K are the same. */
  readonly index: number;
  /** The whole program; null when the text that came does not keep the prefix. */
  readonly program: string | null;
}

/** Who completes prefixes: an LLM, or the pool of real programs. */
export interface RolloutPolicy<P extends PrefixText = Prefix> {
  /** In every record: `pool`, or the model with its endpoint and parameters. */
  readonly by: Readonly<Record<string, unknown>>;
  /**
   * Up to `count` rollouts of every prefix, in any order. Prefixes have different texts.
   * Errors: those of `sampleProblems`.
   */
  rollouts(
    prefixes: readonly { readonly prefix: P; readonly problem: Problem }[],
    count: number,
    signal?: AbortSignal,
  ): AsyncIterable<Rollout<P>> | Iterable<Rollout<P>>;
}
