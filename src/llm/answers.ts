import type { Choice } from "./completion.ts";

/**
 * Log-probabilities of words that a reply may answer with, at the last token of the reply that is one of them. A word's is the
 * sum over its spellings among the alternatives (" yes", "Yes", "YES"). One that is not among them has at most the
 * probability of the least likely alternative, and gets that. undefined without log-probabilities, or where no token is one of
 * the words.
 */
export function answersOf(
  choice: Choice,
  words: readonly string[] | undefined,
): Readonly<Record<string, number>> | undefined {
  if (words === undefined) return undefined;
  const known = new Set(words.map(bare));
  const at = (choice.logprobs?.content ?? []).findLast(({ token }) => known.has(bare(token)));
  if (at === undefined) return undefined;
  const seen = at.top_logprobs ?? [];
  const alternatives = seen.some(({ token }) => token === at.token) ? seen : [...seen, at];
  const least = Math.min(...alternatives.map(({ logprob }) => logprob));
  return Object.fromEntries(
    words.map((word) => {
      const own = alternatives.filter(({ token }) => bare(token) === bare(word));
      const sum = own.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
      return [word, own.length === 0 ? least : Math.log(Math.max(sum, Number.MIN_VALUE))];
    }),
  );
}

function bare(token: string): string {
  return token.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
