import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import { confidenceFields } from "../core/sampler-confidence.ts";
import type { Problem } from "../core/problem.ts";
import { Budget } from "../llm/cost/budget.ts";
import { extractCode } from "../reply/extract.ts";
import { forecast } from "../llm/cost/forecast.ts";
import type { Continuation, Llm, SampleRequest, SamplingParams } from "../llm/llm.ts";
import { openAiLlm } from "../llm/openai-client.ts";
import { loadPrices, type PriceTable, priceOf } from "../llm/cost/prices.ts";
import { type ProblemSample, type SampleJob, sampleProblems } from "../llm/sampler.ts";
import { SampleStore } from "../llm/store/store.ts";
import { loadPrompts } from "../prompt/load.ts";
import { renderPrompt } from "../prompt/render.ts";
import type { Options } from "../settings/options.ts";
import type { Forecast } from "../console/forecast.ts";
import type { Reporter } from "../console/reporter.ts";

/** What asked for the samples, in every result that stems from them. */
interface SamplingProvenance {
  readonly model: string;
  readonly endpoint: string;
  readonly prompt: string;
  readonly prompt_sha256: string;
  readonly params: SamplingParams;
}

/** Samples of problems, as candidates. */
export interface Sampling {
  /** In order of arrival; throws after everything that could be finished was yielded. */
  candidates(problems: readonly Problem[], signal: AbortSignal): AsyncGenerator<Candidate>;
  /** What the samples that are not stored yet would cost, as an object for stdout. */
  forecast(problems: readonly Problem[]): Promise<Forecast>;
  by(problem: Problem): SamplingProvenance;
  /** The same of samples of problems of any kind: the sha256 of each prompt by its name. */
  readonly source: Omit<SamplingProvenance, "prompt" | "prompt_sha256"> & {
    readonly prompts: Readonly<Record<string, string>>;
  };
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_S = 600;

/**
 * Connects prompt, API, store and budget as the options say. Nothing is sent yet. A command that asks for other things than
 * samples too gives one budget to all.
 */
export async function openSampling(
  options: Options,
  report: Reporter,
  budget: Budget | undefined = budgetOf(options),
): Promise<Sampling> {
  const { model } = options;
  if (model === undefined) {
    throw new FunprmError(
      "usage",
      "sampling needs --model NAME (and --base-url for a server other than OpenAI's); " +
        "to choose among recorded candidates give solve --candidates FILE",
    );
  }
  const prices = loadPrices(options.prices);
  const prompts = await loadPrompts(options.prompt);
  const store = new SampleStore(options.store, (warning) => report.warn(warning));
  const llm = await connect(options, budget, options.timeout ?? DEFAULT_TIMEOUT_S);
  const params = samplingParams(options);
  const indices = Array.from({ length: options.samples }, (_, i) => i);
  const jobOf = (problem: Problem): SampleJob => ({
    problemId: problem.id,
    messages: renderPrompt(problem, prompts).messages,
    indices,
  });

  return {
    async *candidates(problems, signal) {
      const byId = new Map(problems.map((problem) => [problem.id, problem]));
      const samples = sampleProblems(problems.map(jobOf), {
        llm,
        model,
        params,
        store,
        price: priceOf(model, prices),
        signal,
        onProgress: ({ done, total, stored, usage, costUsd }) => {
          const cost = costUsd === null ? "" : `  $${costUsd.toFixed(4)}`;
          const kept = stored === 0 ? "" : `  ${stored} stored before`;
          // What is stored takes no time, and would make the rate of the others look better than it is.
          report.progress(
            "sampled",
            done - stored,
            total - stored,
            `${usage.completionTokens} tokens${cost}${kept}`,
          );
        },
      });
      for await (const arrived of samples) yield candidateOf(arrived, byId.get(arrived.problemId), model);
    },
    forecast: (problems) => forecastMissing({ jobs: problems.map(jobOf), llm, store, model, params, prices }),
    by: (problem) => {
      const { name, sha256 } = renderPrompt(problem, prompts);
      return { model, endpoint: llm.endpoint, prompt: name, prompt_sha256: sha256, params };
    },
    source: {
      model,
      endpoint: llm.endpoint,
      prompts: Object.fromEntries(Object.values(prompts).map(({ name, sha256 }) => [name, sha256])),
      params,
    },
    close: () => llm.close(),
  };
}

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

/** The candidate that a sample holds. */
export function candidateOf(
  { problemId, sample }: Pick<ProblemSample, "problemId" | "sample">,
  problem: Problem | undefined,
  model: string,
): Candidate {
  const { text, index, refusal, usage, finishReason } = sample;
  const entryPoint = problem?.entryPoint;
  const { code, warnings } = extractCode(text, entryPoint === undefined ? {} : { entryPoint });
  return {
    problemId,
    sampleIndex: index,
    code,
    ...(text !== code && { reply: text }),
    model,
    warnings: [...sample.warnings, ...warnings],
    extra: {
      finish_reason: finishReason,
      ...(refusal !== undefined && { refusal }),
      ...(sample.logprobs !== undefined &&
        confidenceFields({ ...sample.logprobs, meanLogProbability: sample.logprobs.meanLogprob })),
      usage: {
        prompt_tokens: usage.promptTokens,
        completion_tokens: usage.completionTokens,
        reasoning_tokens: usage.reasoningTokens,
      },
    },
  };
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
}): Promise<Forecast> {
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
