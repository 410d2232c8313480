import type { Usage } from "../llm.ts";

export const NO_USAGE: Usage = {
  promptTokens: 0,
  cachedPromptTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedPromptTokens: a.cachedPromptTokens + b.cachedPromptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    estimated: a.estimated || b.estimated,
  };
}

/**
 * Divides a request's usage among its choices in proportion to `weights` (their lengths), since APIs report the
 * request's total only. The prompt, which is billed once, is divided evenly. Whole tokens; the parts add up exactly.
 */
export function splitUsage(usage: Usage, weights: readonly number[]): Usage[] {
  const even = weights.map(() => 1);
  const prompt = apportion(usage.promptTokens, even);
  const cached = apportion(usage.cachedPromptTokens, even);
  const completion = apportion(usage.completionTokens, weights);
  const reasoning = apportion(usage.reasoningTokens, weights);
  return weights.map((_, i) => ({
    promptTokens: prompt[i] ?? 0,
    cachedPromptTokens: cached[i] ?? 0,
    completionTokens: completion[i] ?? 0,
    reasoningTokens: reasoning[i] ?? 0,
    estimated: usage.estimated,
  }));
}

/** `total` in whole parts: part i ends where the weights up to i end, rounded. */
function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let seen = 0;
  let given = 0;
  return weights.map((weight, i) => {
    seen += weight;
    const end = i === weights.length - 1 ? total : sum === 0 ? 0 : Math.round((total * seen) / sum);
    const part = end - given;
    given = end;
    return part;
  });
}
