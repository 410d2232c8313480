import { Budget } from "../../llm/cost/budget.ts";
import { loadPrices } from "../../llm/cost/prices.ts";
import type { Llm, SamplingParams } from "../../llm/llm.ts";
import { openAiLlm } from "../../llm/openai-client.ts";
import type { Options } from "../../settings/options.ts";

const DEFAULT_TIMEOUT_S = 600;

const budgets = new WeakMap<Options, Budget>();

/** What `--max-cost` allows to be spent: one budget for all that is asked by these options. */
export function budgetOf(options: Options): Budget | undefined {
  const { maxCost, prices } = options;
  if (maxCost === undefined) return undefined;
  const budget = budgets.get(options) ?? new Budget(maxCost, loadPrices(prices));
  budgets.set(options, budget);
  return budget;
}

/** The API that the options name. */
export function connect(
  options: Options,
  budget: Budget | undefined,
  timeoutS = DEFAULT_TIMEOUT_S,
): Promise<Llm> {
  return openAiLlm({
    baseUrl: options.baseUrl,
    apiKeyEnv: options.apiKeyEnv,
    concurrency: options.concurrency,
    timeoutMs: 1000 * timeoutS,
    budget,
  });
}

export function samplingParams(options: Options): SamplingParams {
  return {
    temperature: options.temperature,
    maxTokens: options.maxTokens,
    seed: options.seed,
    ...(options.topP !== undefined && { topP: options.topP }),
    ...(options.reasoningEffort !== undefined && { reasoningEffort: options.reasoningEffort }),
    ...(options.logprobs && { logprobs: true }),
  };
}
