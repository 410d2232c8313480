import type { Claim, Scalar, Sign } from "../input-model.ts";
import type { RuleNames } from "../rule-names.ts";

/** What a sentence, in normal text, says about names of the form; none where it is of another kind. */
export type Reader = (text: string, names: RuleNames) => Claim[];

export function chain(left: string, sign: Sign, right: string): Claim {
  return { kind: "chain", parts: [[left], [right]], signs: [sign] };
}

export function between(name: string, low: string, high: string): Claim {
  return { kind: "chain", parts: [[low], [name], [high]], signs: ["<=", "<="] };
}

export function subjectWords(text: string, names: RuleNames): readonly Scalar[] {
  const named = names.in(text).filter(({ type }) => type === "word");
  // The length of the word may be named too, but that is no word.
  return named.length > 0 ? named : names.words.length === 1 ? names.words : [];
}

export const EXPRESSION = String.raw`[\w^*+()\/.[\]-]+(?: [*+\/-] [\w^*+()\/.[\]-]+)*?`;
export function cleaned(text: string): string {
  return text.replace(/[.,]$/, "");
}
