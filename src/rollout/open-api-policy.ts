import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { loadPrices, priceOf } from "../llm/cost/prices.ts";
import { SampleStore } from "../llm/store/store.ts";
import { loadPrompts } from "../prompt/load.ts";
import { renderPrompt } from "../prompt/render.ts";
import { apiPolicy, continuationMessages, STOP } from "./api-policy.ts";
import type { RolloutPolicy } from "./policy.ts";
import type { PrefixText } from "./prefix.ts";
import type { Options } from "../settings/options.ts";
import type { Forecast } from "../console/forecast.ts";
import type { Reporter } from "../console/reporter.ts";
import { budgetOf, connect, samplingParams } from "../solve/sampling/connect.ts";
import { forecastMissing } from "../solve/sampling/forecast-missing.ts";

/** An LLM that continues prefixes, with the store, prices and budget of sampling. */
export async function openContinuing<P extends PrefixText>(
  options: Options,
  report: Reporter,
  kept: (prefix: P, reply: string) => string | null,
): Promise<{
  readonly policy: RolloutPolicy<P>;
  /** What so many completions of each prefix would cost. */
  readonly forecast: (
    prefixes: readonly PrefixText[],
    problems: readonly Problem[],
    count: number,
  ) => Promise<Forecast>;
  readonly close: () => Promise<void>;
}> {
  const { model, continuation } = options;
  if (model === undefined) {
    throw new FunprmError(
      "usage",
      "--policy api needs --model NAME (and --base-url for a server other than OpenAI's); " +
        "to recombine recorded candidates give --policy pool",
    );
  }
  const prices = loadPrices(options.prices);
  const prompts = await loadPrompts(options.prompt);
  const store = new SampleStore(options.store, (warning) => report.warn(warning));
  // --timeout is the time limit of a test here.
  const llm = await connect(options, budgetOf(options));
  const params = { ...samplingParams(options), temperature: options.rolloutTemperature, stop: STOP };
  const promptOf = (problem: Problem) => renderPrompt(problem, prompts).messages;
  const policy = apiPolicy({
    kept,
    llm,
    model,
    params,
    continuation,
    store,
    price: priceOf(model, prices),
    promptOf,
    onProgress: ({ done, total, usage }) =>
      report.progress("completed", done, total, `${usage.completionTokens} tokens`),
  });
  return {
    policy,
    async forecast(prefixes, problems, count) {
      const byId = new Map(problems.map((problem) => [problem.id, problem]));
      const indices = Array.from({ length: count }, (_, index) => index);
      const jobs = new Map<
        string,
        { problemId: string; messages: ReturnType<typeof continuationMessages>; indices: number[] }
      >();
      for (const prefix of prefixes) {
        const problem = byId.get(prefix.problemId);
        if (problem === undefined) continue;
        const messages = continuationMessages(promptOf(problem), prefix);
        jobs.set(`${prefix.problemId} ${prefix.sha256}`, { problemId: prefix.problemId, messages, indices });
      }
      return forecastMissing({ jobs: [...jobs.values()], llm, store, model, params, continuation, prices });
    },
    close: () => llm.close(),
  };
}
