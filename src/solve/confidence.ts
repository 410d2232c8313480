import type { Choice } from "../core/best-of-n.ts";
import { choiceFacts } from "../select/choice/facts.ts";
import { passProbability } from "../select/choice/pass-probability.ts";

/** How sure a choice is, and why. */
export interface Confidence {
  /** P(the chosen program passes the hidden tests). */
  readonly confidence: number;
  /** P(no candidate passes). */
  readonly nonePasses: number;
  readonly facts: readonly string[];
}

/** undefined where nothing was run, or no candidate holds code. */
export function confidenceOf({ selection, pool }: Choice): Confidence | undefined {
  const { chosen } = selection;
  const probability = passProbability(pool);
  if (chosen === null || probability === undefined) return undefined;
  return {
    confidence: rounded(probability.candidates[chosen] ?? 0),
    nonePasses: rounded(probability.none),
    facts: choiceFacts(pool, chosen),
  };
}

/** More digits than the model knows would only look sure. */
function rounded(probability: number): number {
  return Math.round(probability * 1000) / 1000;
}
