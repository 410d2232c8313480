import { chains } from "./chains.ts";
import { contents, leadingZero, letters } from "./letters.ts";
import { integers, listedNumbers, parity } from "./numbers.ts";
import { distinct, permutation, sorted } from "./order.ts";
import type { Reader } from "./parts.ts";
import { amounts, asides, lengths, sums } from "./sizes.ts";
import type { Claim } from "../input-model.ts";
import type { RuleNames } from "../rule-names.ts";

/** Every kind of sentence; several may have something to say about one. */
const READERS: readonly Reader[] = [
  chains,
  letters,
  lengths,
  integers,
  listedNumbers,
  parity,
  distinct,
  permutation,
  sorted,
  contents,
  leadingZero,
  sums,
  amounts,
  asides,
];
/** Sentences that restrict nothing beyond the form. */
const EMPTY =
  /\b(?:is|are)(?: all| both)? (?:an? )?(?:positive |non-negative )?integers?(?: values)?\.?$|^all (?:the )?(?:input )?(?:values|numbers|inputs|given numbers|numeric(?:al)? (?:input )?values|numerical input)\b.*integers|^follow[- ]?up|^for all i|given to the .* decimal|length(?:s)? of the string|^in other words|^\W*$|^\w+(?:\[\w?\])* ==? \[|^(?:\w+\[\] == \w+\[\](?:, )?)+$|^there is at least one query of\b/i;

/**
 * What one sentence of a statement, in normal text, says about names of the form. undefined when it says something
 * that was not understood; none when it says nothing that restricts inputs.
 */
export function sentenceClaims(sentence: string, names: RuleNames): Claim[] | undefined {
  const text = sentence
    .trim()
    // `For queries of the second type, ...`: the names are of that type alone.
    .replace(
      /^(?:for|in) (?:each |the |an? |all |any )?(?:\w+ ){0,3}(?:types?|query|queries|kinds?)\b[^,]*,\s*/i,
      "",
    );
  if (EMPTY.test(text)) return [];
  const claims = READERS.flatMap((read) => read(text, names));
  return claims.length > 0 ? claims : undefined;
}

/** What a sentence outside the constraints says about the letters of words and about permutations. */
export function alphabetClaims(sentence: string, names: RuleNames): Claim[] {
  return [letters, permutation].flatMap((read) => read(sentence.trim(), names));
}

/** The same, and that there may be none of something. */
export function proseClaims(sentence: string, names: RuleNames): Claim[] {
  return [...alphabetClaims(sentence, names), ...amounts(sentence.trim(), names)];
}
