import { JUDGE_PROMPT_SHA256 } from "../bench/stages/judge-prompt.ts";
import type { AskJudge } from "../bench/stages/judge-stage.ts";
import type { Budget } from "../llm/cost/budget.ts";
import { loadPrices, priceOf } from "../llm/cost/prices.ts";
import { type SampleJob, sampleProblems } from "../llm/sampler.ts";
import { SampleStore } from "../llm/store/store.ts";
import type { Options } from "../settings/options.ts";
import type { Forecast } from "../console/forecast.ts";
import type { Reporter } from "../console/reporter.ts";
import { connect } from "./sampling/connect.ts";
import { forecastMissing } from "./sampling/forecast-missing.ts";

export interface Judging {
  readonly ask: AskJudge;
  /** What graded, for results. */
  readonly by: Readonly<Record<string, unknown>>;
  /** What the grades that are not stored yet would cost. */
  forecast(jobs: readonly SampleJob[]): Promise<Forecast>;
  close(): Promise<void>;
}

/** A judge is asked once, and for its likeliest answer. */
const TEMPERATURE = 0;

/** Connects the LLM that `--judge` names, at the address that samples come from; null without one. Nothing is sent yet. */
export async function openJudge(
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<Judging | null> {
  const { judge: model } = options;
  if (model === undefined) return null;
  const prices = loadPrices(options.prices);
  const store = new SampleStore(options.store, (warning) => report.warn(warning));
  const llm = await connect(options, budget, options.timeout);
  const params = { temperature: TEMPERATURE, maxTokens: options.maxTokens };
  return {
    ask: (jobs, { signal, onProgress }) =>
      sampleProblems(jobs, {
        llm,
        model,
        params,
        store,
        price: priceOf(model, prices),
        signal,
        onProgress: ({ done, total }) => onProgress(done, total),
      }),
    forecast: (jobs) => forecastMissing({ jobs, llm, store, model, params, prices }),
    by: { model, endpoint: llm.endpoint, prompt_sha256: JUDGE_PROMPT_SHA256, params },
    close: () => llm.close(),
  };
}
