import type { Forecast } from "../../console/forecast.ts";
import type { Reporter } from "../../console/reporter.ts";
import type { Candidate } from "../../core/candidate.ts";
import { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import { loadPrices, priceOf } from "../../llm/cost/prices.ts";
import type { ChatMessage, SamplingParams } from "../../llm/llm.ts";
import { merged } from "../../llm/merged.ts";
import { type SampleJob, sampleProblems } from "../../llm/sampler.ts";
import { SampleStore } from "../../llm/store/store.ts";
import { loadPrompts } from "../../prompt/load.ts";
import { renderPrompt } from "../../prompt/render.ts";
import type { Options } from "../../settings/options.ts";
import { candidateOf } from "./candidate-of.ts";
import { budgetOf, connect, samplingParams } from "./connect.ts";
import { forecastMissing, forecastSum } from "./forecast-missing.ts";
import { ModelTurns } from "./model-turns.ts";
import { ProgressSum } from "./progress.ts";

/** What asked for the samples, in every result that stems from them. */
interface SamplingProvenance {
  /** Several are separated by commas. */
  readonly model: string;
  readonly endpoint: string;
  readonly prompt: string;
  readonly prompt_sha256: string;
  readonly params: SamplingParams;
}

/** Samples of one problem that are wanted. */
interface Wanted {
  readonly problem: Problem;
  /** Indices of the samples in the problem's pool. */
  readonly indices: readonly number[];
  /** What is asked instead of the problem's own prompt: a repair. */
  readonly messages?: readonly ChatMessage[];
}

/** Samples of problems, as candidates. */
export interface Sampling {
  /** `-n` samples a problem in order of arrival; throws after everything that could be finished was yielded. */
  candidates(problems: readonly Problem[], signal: AbortSignal): AsyncGenerator<Candidate>;
  /** The same for these samples. */
  some(wanted: readonly Wanted[], signal: AbortSignal): AsyncGenerator<Candidate>;
  /** What the samples that are not stored yet would cost, as an object for stdout. `count` a problem; default `-n`. */
  forecast(problems: readonly Problem[], count?: number): Promise<Forecast>;
  by(problem: Problem): SamplingProvenance;
  /** The same of samples of problems of any kind: the sha256 of each prompt by its name. */
  readonly source: Omit<SamplingProvenance, "prompt" | "prompt_sha256"> & {
    readonly prompts: Readonly<Record<string, string>>;
  };
  close(): Promise<void>;
}

/**
 * Connects prompt, API, store and budget as the options say. Nothing is sent yet. A command that asks for other things than
 * samples too gives one budget to all.
 */
export async function openSampling(
  options: Options,
  report: Reporter,
  budget: Budget | undefined = budgetOf(options),
): Promise<Sampling> {
  if (options.model === undefined) {
    throw new FunprmError(
      "usage",
      "sampling needs --model NAME (and --base-url for a server other than OpenAI's); " +
        "to choose among recorded candidates give solve --candidates FILE",
    );
  }
  const turns = new ModelTurns(options.model);
  const prices = loadPrices(options.prices);
  const prompts = await loadPrompts(options.prompt);
  const store = new SampleStore(options.store, (warning) => report.warn(warning));
  const llm = await connect(options, budget, options.timeout);
  const params = samplingParams(options);
  const progress = new ProgressSum(report);
  const source = { model: turns.models.join(","), endpoint: llm.endpoint };

  const all = (problems: readonly Problem[], count = options.samples): Wanted[] => {
    const indices = Array.from({ length: count }, (_, i) => i);
    return problems.map((problem) => ({ problem, indices }));
  };
  const jobsOf = (model: string, wanted: readonly Wanted[]): SampleJob[] =>
    wanted.flatMap(({ problem, indices, messages = renderPrompt(problem, prompts).messages }) => {
      const own = turns.ownIndices(model, indices);
      return own.length === 0 ? [] : [{ problemId: problem.id, messages, indices: own }];
    });

  async function* samplesOf(
    model: string,
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): AsyncGenerator<Candidate> {
    const byId = new Map(wanted.map(({ problem }) => [problem.id, problem]));
    const price = priceOf(model, prices);
    const onProgress = progress.part();
    const run = { llm, model, params, store, price, signal, onProgress };
    for await (const { problemId, sample } of sampleProblems(jobsOf(model, wanted), run)) {
      const index = turns.sampleIndex({ model, index: sample.index });
      yield candidateOf({ problemId, sample: { ...sample, index } }, byId.get(problemId), model);
    }
  }
  const some = (wanted: readonly Wanted[], signal: AbortSignal): AsyncGenerator<Candidate> =>
    merged(turns.models.map((model) => (over) => samplesOf(model, wanted, AbortSignal.any([signal, over]))));

  return {
    candidates: (problems, signal) => some(all(problems), signal),
    some,
    forecast: async (problems, count) => {
      const wanted = all(problems, count);
      const parts = turns.models.map((model) =>
        forecastMissing({ jobs: jobsOf(model, wanted), llm, store, model, params, prices }),
      );
      return { ...forecastSum(await Promise.all(parts)), problems: problems.length };
    },
    by: (problem) => {
      const { name, sha256 } = renderPrompt(problem, prompts);
      return { ...source, prompt: name, prompt_sha256: sha256, params };
    },
    source: {
      ...source,
      prompts: Object.fromEntries(Object.values(prompts).map(({ name, sha256 }) => [name, sha256])),
      params,
    },
    close: () => llm.close(),
  };
}
