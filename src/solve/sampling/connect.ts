import { Budget } from "../../llm/cost/budget.ts";
import { loadPrices } from "../../llm/cost/prices.ts";
import type { Llm, SamplingParams } from "../../llm/llm.ts";
import { openAiLlm } from "../../llm/openai-client.ts";
import type { Options } from "../../settings/options.ts";

const DEFAULT_TIMEOUT_S = 600;

/** What `--max-cost` allows to be spent. */
export function budgetOf({ maxCost, prices }: Options): Budget | undefined {
  return maxCost === undefined ? undefined : new Budget(maxCost, loadPrices(prices));
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
