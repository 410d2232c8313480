import type { Forecast } from "../console/forecast.ts";
import type { Reporter } from "../console/reporter.ts";
import type { Budget } from "../llm/cost/budget.ts";
import { loadPrices, priceOf } from "../llm/cost/prices.ts";
import type { SamplingParams } from "../llm/llm.ts";
import { type ProblemSample, type SampleJob, sampleProblems, type SamplingProgress } from "../llm/sampler.ts";
import { SampleStore } from "../llm/store/store.ts";
import type { Options } from "../settings/options.ts";
import { connect } from "./sampling/connect.ts";
import { forecastMissing } from "./sampling/forecast-missing.ts";

/** An LLM that is asked for something else than candidates: a grade, a program that makes inputs. */
export interface Asking {
  /** Replies out of the store, then from the LLM, which are stored. Throws as `sampleProblems`. */
  readonly ask: (
    jobs: readonly SampleJob[],
    run: { readonly signal: AbortSignal; readonly onProgress?: (progress: SamplingProgress) => void },
  ) => AsyncIterable<ProblemSample>;
  /** What was asked, for results. */
  readonly by: { readonly model: string; readonly endpoint: string; readonly params: SamplingParams };
  /** What the replies that are not stored yet would cost. */
  forecast(jobs: readonly SampleJob[]): Promise<Forecast>;
  close(): Promise<void>;
}

/** It is asked once, and for its likeliest answer. */
const TEMPERATURE = 0;

/**
 * Connects an LLM at the address that samples come from. Nothing is sent yet.
 *
 * @throws FunprmError `usage` where there is a budget and the model has no price
 */
export async function openAsking(
  model: string,
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<Asking> {
  const prices = loadPrices(options.prices);
  const params = { temperature: TEMPERATURE, maxTokens: options.maxTokens };
  budget?.worstCaseUsd({ messages: [], model, params, indices: [] }, 0);
  const store = new SampleStore(options.store, (warning) => report.warn(warning));
  const llm = await connect(options, budget, options.timeout);
  const price = priceOf(model, prices);
  return {
    ask: (jobs, { signal, onProgress }) =>
      sampleProblems(jobs, { llm, model, params, store, price, signal, onProgress }),
    by: { model, endpoint: llm.endpoint, params },
    forecast: (jobs) => forecastMissing({ jobs, llm, store, model, params, prices }),
    close: () => llm.close(),
  };
}
