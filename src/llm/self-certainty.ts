/** Alternatives that are asked for at every token: the most that OpenAI's API gives. */
export const TOP_LOGPROBS = 20;

/** Some servers send -9999 or less for what cannot come; one such token would outweigh a whole reply. */
const LEAST_LOGPROB = -20;

/**
 * Self-certainty of a reply (Kang et al., arXiv 2502.18581): how far the model's token distributions p are from the
 * uniform one, the mean over tokens of KL(U || p) = -log V - (1/V) sum_v log p_v, V being the vocabulary.
 *
 * An API gives the k most likely tokens and not V, so this is the truncated form: the mean over the reply's tokens of
 *
 *   -log k - (1/k) sum_{j=1..k} log max(p_j, e^-20)
 *
 * with p_1..p_k as they are, not scaled to sum to 1; the mass of all other tokens is left out. k is the smallest number
 * of alternatives that any token of the reply has. In nats. Comparable only between replies of one model on one server,
 * which send the same k: more alternatives or another vocabulary give other numbers.
 *
 * @param alternatives natural log-probabilities of the likeliest tokens at every token of the reply, in any order
 * @returns undefined where some token has fewer than two
 */
export function selfCertainty(alternatives: readonly (readonly number[])[]): number | undefined {
  const k = alternatives.reduce((least, { length }) => Math.min(least, length), TOP_LOGPROBS);
  if (alternatives.length === 0 || k < 2) return undefined;
  const sum = alternatives.reduce((total, logprobs) => total + certaintyAt(logprobs, k), 0);
  return sum / alternatives.length;
}

function certaintyAt(logprobs: readonly number[], k: number): number {
  const top = logprobs.toSorted((a, b) => b - a).slice(0, k);
  const sum = top.reduce((total, logprob) => total + Math.max(logprob, LEAST_LOGPROB), 0);
  return -Math.log(k) - sum / k;
}
