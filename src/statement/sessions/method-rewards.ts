import type { MethodEvidence } from "./method-evidence.ts";

/** What a method is worth of which no docstring says how it is called: the share of right ones on ClassEval 0-69. */
const NO_EXAMPLES = 0.6;
const NO_CALLS = 0.5;

/**
 * A step reward in [0, 1] without a model: the share of its examples that the method passes times the share of the group that
 * agrees with it, and 0 where something is wrong as it stands. A product, because each alone is blind where the other sees:
 * examples are few, and a majority can be wrong (benchmarks/results/evidence-classeval.md).
 */
export function methodReward({ sound, examples, agreement }: MethodEvidence): number {
  return sound ? (examples ?? NO_EXAMPLES) * (agreement ?? NO_CALLS) : 0;
}

/** Mean reward of the methods that are asked for: what a whole class is chosen by. 0 for none. */
export function classReward(methods: ReadonlyMap<string, MethodEvidence>): number {
  const rewards = [...methods.values()].map(methodReward);
  return rewards.length === 0 ? 0 : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
}
