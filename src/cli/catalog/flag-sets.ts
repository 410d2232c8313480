import type { FlagName } from "../flags.ts";

/** How an LLM is asked. */
export const SAMPLING: readonly FlagName[] = [
  "samples",
  "model",
  "base-url",
  "api-key-env",
  "temperature",
  "top-p",
  "max-tokens",
  "reasoning-effort",
  "logprobs",
  "seed",
  "concurrency",
  "timeout",
  "prompt",
  "store",
  "prices",
  "max-cost",
  "dry-run",
];
/** How a PRM reads programs. */
export const SCORING: readonly FlagName[] = ["prm", "steps", "aggregate", "threads", "max-memory"];
/** What a PRM that is an LLM costs. */
export const CHAT_PRM: readonly FlagName[] = ["store", "prices", "max-cost"];
