import pLimit from "p-limit";
import { ApiFailure, scopeOf } from "./api-failure.ts";
import { AsyncQueue } from "./async-queue.ts";
import { interrupted, Interruption, isInterruption } from "../http/interruption.ts";
import type { ChatMessage, Continuation, Llm, Sample, SampleRequest, SamplingParams, Usage } from "./llm.ts";
import { costOf } from "./cost/prices.ts";
import type { ModelPrice } from "./cost/prices.ts";
import type { SampleStore } from "./store/store.ts";
import { addUsage, NO_USAGE } from "./cost/usage.ts";

/** The samples wanted for one problem. */
export interface SampleJob {
  readonly problemId: string;
  readonly messages: readonly ChatMessage[];
  /** Positions among the problem's samples, from 0: `0..N-1`; what is stored is not asked for again. */
  readonly indices: readonly number[];
}

export interface ProblemSample {
  readonly problemId: string;
  readonly sample: Sample;
  /** true when it came out of the store and cost nothing now. */
  readonly stored: boolean;
}

export interface SamplingProgress {
  /** Samples done, those out of the store among them. */
  readonly done: number;
  readonly total: number;
  /** Of `done`, out of the store. */
  readonly stored: number;
  /** Samples given up. */
  readonly failed: number;
  /** New samples a second since the first was asked for. */
  readonly rate: number;
  /** Seconds left at that rate; null before there is one. */
  readonly secondsLeft: number | null;
  /** Tokens of this run's new samples. */
  readonly usage: Usage;
  /** US dollars for them; null when the price is unknown. */
  readonly costUsd: number | null;
}

export interface SamplingOptions {
  readonly llm: Llm;
  readonly model: string;
  readonly params: SamplingParams;
  /** Jobs' messages end with an assistant message that is to be continued. */
  readonly continuation?: Continuation;
  readonly store?: SampleStore | undefined;
  readonly price?: ModelPrice | undefined;
  /** Aborted: nothing more is asked for; what is under way gets `graceMs` and is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default 10,000. */
  readonly graceMs?: number | undefined;
  readonly onProgress?: ((progress: SamplingProgress) => void) | undefined;
}

/** Samples that may wait for a slow consumer before no more are asked for. */
const UNREAD_SAMPLES = 512;
const DEFAULT_GRACE_MS = 10_000;

/**
 * Samples every job, in order of arrival, first out of the store and then from the LLM; a sample is stored before it
 * is yielded. A problem that fails does not hold up the others. Errors, each after everything that could be finished
 * has been yielded: FunprmError `api` (naming the problems), `budget`, `interrupted`, or `input` for the store.
 */
export async function* sampleProblems(
  jobs: readonly SampleJob[],
  options: SamplingOptions,
): AsyncGenerator<ProblemSample, void, void> {
  const { llm, model, params, store, signal, continuation } = options;
  const progress = new Progress(jobs, options);
  const queue = new AsyncQueue<ProblemSample>(UNREAD_SAMPLES);
  const failures: { readonly problemId: string; readonly error: unknown }[] = [];
  const graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
  const interruption = new Interruption(signal, graceMs);
  const stop = interruption.stopSignal;

  const sampleJob = async (job: SampleJob): Promise<void> => {
    if (stop.aborted) return;
    const { messages } = job;
    const continued = continuation === undefined ? {} : { continuation };
    const wanted: SampleRequest = { messages, model, params, ...continued, indices: job.indices };
    const kept = (await store?.load(llm.endpoint, wanted)) ?? [];
    progress.found(kept.length);
    for (const sample of kept) await queue.push({ problemId: job.problemId, sample, stored: true });
    const have = new Set(kept.map((sample) => sample.index));
    const indices = job.indices.filter((index) => !have.has(index));
    if (indices.length === 0) return;
    let arrived = 0;
    try {
      const request = { ...wanted, indices };
      for await (const samples of llm.sample(request, { signal: stop, graceMs })) {
        await store?.save(llm.endpoint, request, samples);
        arrived += samples.length;
        progress.sampled(samples);
        for (const sample of samples) await queue.push({ problemId: job.problemId, sample, stored: false });
      }
    } finally {
      progress.gaveUp(indices.length - arrived);
    }
  };

  // Twice as many jobs as requests, so that the store is read while the LLM works.
  const limit = pLimit(2 * llm.concurrency + 2);
  const all = limit
    .map(jobs, async (job) => {
      try {
        await sampleJob(job);
      } catch (error) {
        failures.push({ problemId: job.problemId, error });
        if (scopeOf(error) === "run") interruption.stop();
      }
    })
    .finally(() => queue.close());
  try {
    yield* queue;
  } finally {
    interruption.stop();
    await all;
    interruption.close();
  }
  if (failures.length > 0) throw summarise(failures, jobs.length, store);
  if (signal?.aborted === true && progress.done < progress.total) throw interrupted();
}

/** One error for the run: what stopped it, else how many problems failed and the first one's reason. */
function summarise(
  failures: readonly { readonly problemId: string; readonly error: unknown }[],
  problems: number,
  store: SampleStore | undefined,
): unknown {
  const stopping = failures.find(({ error }) => scopeOf(error) === "run" && !isInterruption(error));
  if (stopping !== undefined) return stopping.error;
  const told = failures.filter(({ error }) => !isInterruption(error));
  const [first] = told;
  if (first === undefined) return failures[0]?.error;
  const why = first.error instanceof Error ? first.error.message : String(first.error);
  const named = told.slice(0, 5).map(({ problemId }) => problemId);
  const others = told.length > named.length ? ` and ${told.length - named.length} more` : "";
  const kept = store === undefined ? "" : `; everything sampled is kept in ${store.directory}`;
  return new ApiFailure(
    `sampling failed for ${told.length} of ${problems} problems (${named.join(", ")}${others}): ${why}${kept}`,
    { scope: "run" },
    { cause: first.error },
  );
}

/** Counts samples and tells the caller. */
class Progress {
  readonly total: number;
  readonly #options: Pick<SamplingOptions, "onProgress" | "price">;
  #stored = 0;
  #new = 0;
  #failed = 0;
  #usage = NO_USAGE;
  readonly #start = performance.now();

  constructor(jobs: readonly SampleJob[], options: Pick<SamplingOptions, "onProgress" | "price">) {
    this.total = jobs.reduce((sum, job) => sum + job.indices.length, 0);
    this.#options = options;
  }

  get done(): number {
    return this.#stored + this.#new;
  }

  found(samples: number): void {
    if (samples === 0) return;
    this.#stored += samples;
    this.#tell();
  }

  sampled(samples: readonly Sample[]): void {
    this.#new += samples.length;
    this.#usage = samples.reduce((sum, sample) => addUsage(sum, sample.usage), this.#usage);
    this.#tell();
  }

  gaveUp(samples: number): void {
    if (samples === 0) return;
    this.#failed += samples;
    this.#tell();
  }

  #tell(): void {
    const { onProgress, price } = this.#options;
    if (onProgress === undefined) return;
    const rate = this.#new / Math.max(1e-3, (performance.now() - this.#start) / 1000);
    onProgress({
      done: this.done,
      total: this.total,
      stored: this.#stored,
      failed: this.#failed,
      rate,
      secondsLeft: rate > 0 ? (this.total - this.done - this.#failed) / rate : null,
      usage: this.#usage,
      costUsd: price === undefined ? null : costOf(this.#usage, price),
    });
  }
}
