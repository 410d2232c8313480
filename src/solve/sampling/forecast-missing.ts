import { forecast } from "../../llm/cost/forecast.ts";
import type { PriceTable } from "../../llm/cost/prices.ts";
import type { Continuation, Llm, SampleRequest, SamplingParams } from "../../llm/llm.ts";
import type { SampleJob } from "../../llm/sampler.ts";
import type { SampleStore } from "../../llm/store/store.ts";

/** What samples would cost, for stdout; null is not known. */
interface SampleForecast {
  readonly [field: string]: unknown;
  readonly model: string;
  readonly problems: number;
  readonly samples: number;
  readonly samples_already_stored: number;
  readonly requests_at_most: number;
  readonly prompt_tokens_at_most: number;
  readonly completion_tokens_at_most: number | null;
  readonly usd_for_prompts: number | null;
  readonly usd_at_most: number | null;
  readonly prices_as_of: string;
}

/** What the samples of `jobs` that are not stored yet would cost, for stdout. */
export async function forecastMissing(run: {
  readonly jobs: readonly SampleJob[];
  readonly llm: Llm;
  readonly store: SampleStore;
  readonly model: string;
  readonly params: SamplingParams;
  readonly continuation?: Continuation;
  readonly prices: PriceTable;
}): Promise<SampleForecast> {
  const { model, params, prices, continuation } = run;
  const missing = [];
  for (const { messages, indices } of run.jobs) {
    const continued = continuation === undefined ? {} : { continuation };
    const request: SampleRequest = { messages, model, params, ...continued, indices };
    missing.push({ messages, samples: (await run.store.missing(run.llm.endpoint, request)).length });
  }
  const cost = forecast(missing, { model, maxTokens: params.maxTokens, prices });
  return {
    model,
    problems: run.jobs.length,
    samples: cost.samples,
    samples_already_stored: run.jobs.reduce((sum, job) => sum + job.indices.length, 0) - cost.samples,
    requests_at_most: cost.requests,
    prompt_tokens_at_most: cost.promptTokens,
    completion_tokens_at_most: cost.mostCompletionTokens,
    usd_for_prompts: cost.promptUsd,
    usd_at_most: cost.mostUsd,
    prices_as_of: prices.asOf,
  };
}

/** The forecast of several LLMs' samples for the same problems. At least one. */
export function forecastSum(parts: readonly SampleForecast[]): SampleForecast {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("no forecast to add up");
  return others.reduce(
    (sum, part): SampleForecast => ({
      model: `${sum.model},${part.model}`,
      problems: Math.max(sum.problems, part.problems),
      samples: sum.samples + part.samples,
      samples_already_stored: sum.samples_already_stored + part.samples_already_stored,
      requests_at_most: sum.requests_at_most + part.requests_at_most,
      prompt_tokens_at_most: sum.prompt_tokens_at_most + part.prompt_tokens_at_most,
      completion_tokens_at_most: plus(sum.completion_tokens_at_most, part.completion_tokens_at_most),
      usd_for_prompts: plus(sum.usd_for_prompts, part.usd_for_prompts),
      usd_at_most: plus(sum.usd_at_most, part.usd_at_most),
      prices_as_of: sum.prices_as_of,
    }),
    first,
  );
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
