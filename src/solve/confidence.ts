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

/** What a look at the candidates said of the program that it chose. */
export interface Looked {
  readonly code: string;
  readonly sure: Confidence;
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

/** What an earlier look at the candidates said, where it chose the same program: nothing else is known of another one. */
export function sureOf(
  { looked }: { readonly looked?: Looked | undefined },
  chosenCode: string | null | undefined,
): Confidence | undefined {
  return looked?.code === chosenCode ? looked?.sure : undefined;
}

/** More digits than the model knows would only look sure. */
function rounded(probability: number): number {
  return Math.round(probability * 1000) / 1000;
}
