import type { ChatMessage } from "../llm.ts";
import { costOf, priceOf } from "./prices.ts";
import type { PriceTable } from "./prices.ts";
import { estimatePromptTokens } from "./tokens.ts";

/** What a run would ask for, before it asks (`--dry-run`). */
export interface Forecast {
  readonly samples: number;
  readonly requests: number;
  /** Estimated, see tokens.ts; billed once a request. */
  readonly promptTokens: number;
  /** Every reply as long as the token limit allows; null without a limit. */
  readonly mostCompletionTokens: number | null;
  /** US dollars for the prompts alone, and with the longest replies; null where price or token limit is unknown. */
  readonly promptUsd: number | null;
  readonly mostUsd: number | null;
}

/**
 * Adds up what `jobs` would cost. `choicesPerRequest`: samples a request, 1 when the server does not honour `n`
 * (then every sample pays its prompt). Replies are usually far shorter than the limit: `mostUsd` is a bound.
 */
export function forecast(
  jobs: Iterable<{ readonly messages: readonly ChatMessage[]; readonly samples: number }>,
  options: {
    readonly model: string;
    readonly maxTokens?: number | undefined;
    readonly choicesPerRequest?: number;
    readonly prices: PriceTable;
  },
): Forecast {
  const choices = options.choicesPerRequest ?? 1;
  let samples = 0;
  let requests = 0;
  let promptTokens = 0;
  for (const job of jobs) {
    const jobRequests = Math.ceil(job.samples / choices);
    samples += job.samples;
    requests += jobRequests;
    if (jobRequests > 0) promptTokens += jobRequests * estimatePromptTokens(job.messages);
  }
  const price = priceOf(options.model, options.prices);
  const mostCompletionTokens = options.maxTokens === undefined ? null : samples * options.maxTokens;
  const cost = (completionTokens: number | null): number | null =>
    price === undefined || completionTokens === null
      ? null
      : costOf({ promptTokens, cachedPromptTokens: 0, completionTokens }, price);
  return {
    samples,
    requests,
    promptTokens,
    mostCompletionTokens,
    promptUsd: cost(0),
    mostUsd: cost(mostCompletionTokens),
  };
}
