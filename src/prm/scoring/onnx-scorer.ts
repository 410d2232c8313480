import pLimit from "p-limit";
import { FunprmError } from "../../core/errors.ts";
import type { ProgramRewards, Scorer, ScoreRequest } from "../../core/scorer.ts";
import { loadManifest } from "../manifest/folder.ts";
import type { PrmFolder, Weights } from "../manifest/folder.ts";
import { planJobs } from "./request-jobs.ts";
import { physicalCores } from "./physical-cores.ts";
import type { LoadMessage, ReadyMessage, ScoredMessage } from "./protocol.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import { ProcessDied, ScoringProcess } from "./scoring-process.ts";
import type { StandstillOptions } from "./standstill.ts";

export interface OnnxScorerOptions {
  /** Threads within one operation. Default: the physical cores that this process may use. */
  readonly threads?: number;
  /** ONNX Runtime execution providers, tried in order. Default: ["cpu"]. CUDA and DirectML are not installed. */
  readonly providers?: readonly string[];
  /**
   * Most resident memory of the scoring process, bytes. First less is computed at once; where the longest sequence
   * does not fit even so, statements are cut. Default: no bound.
   */
  readonly maxMemoryBytes?: number;
  /** Default: "model", the weights the folder is meant to run with. */
  readonly weights?: Weights;
  /** How often a process at work is looked at; one that stands still twelve times in a row is replaced. Default: 5 s. */
  readonly watchEveryMs?: number;
}

/** A Scorer over a PRM folder, with what `doctor` and reports tell about it. */
export interface OnnxScorer extends Scorer {
  readonly manifest: PrmManifest;
  /** The execution provider in use. */
  readonly provider: string;
  /** Whether sequences travel in batches; false for graphs whose rewards would depend on the company. */
  readonly batches: boolean;
}

/**
 * Verifies a PRM folder and loads it into a child process. Calls of `score` queue; `close` ends the process.
 *
 * A process that dies, or is stopped and does not go on, is replaced once and its job repeated; an aborted call ends its process at once.
 *
 * @throws FunprmError("model") for a folder, graph or machine that cannot score.
 */
export async function openOnnxScorer(dir: string, options: OnnxScorerOptions = {}): Promise<OnnxScorer> {
  const prm = await loadManifest(dir, options.weights);
  const watch = options.watchEveryMs === undefined ? {} : { everyMs: options.watchEveryMs };
  const load: LoadMessage = {
    kind: "load",
    manifest: prm.manifest,
    precision: prm.precision,
    paths: prm.paths,
    providers: options.providers ?? ["cpu"],
    threads: options.threads ?? physicalCores(),
    maxMemoryBytes: options.maxMemoryBytes ?? null,
  };
  const processes = new ProcessKeeper(load, watch);
  return new ChildScorer(prm, processes, await processes.start());
}

class ChildScorer implements OnnxScorer {
  readonly identity: Scorer["identity"];
  readonly manifest: PrmManifest;
  readonly provider: string;
  readonly batches: boolean;
  readonly usage = { tokens: 0, programs: 0 };
  readonly #processes: ProcessKeeper;
  readonly #oneAtATime = pLimit(1);

  constructor({ manifest, sha256 }: PrmFolder, processes: ProcessKeeper, ready: ReadyMessage) {
    this.identity = {
      name: manifest.name,
      sha256,
      defaultAggregate: manifest.aggregate,
      stepSize: manifest.stepSize,
    };
    this.manifest = manifest;
    this.provider = ready.provider;
    this.batches = ready.batches;
    this.#processes = processes;
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProgramRewards[]> {
    const { jobs, slots } = planJobs(requests);
    const results: ProgramRewards[] = [];
    for (const job of jobs) {
      const queued = this.#oneAtATime(() => this.#run(job, signal));
      results.push(...(await orInterrupted(queued, signal)));
    }
    this.usage.programs += requests.length;
    return slots.map((slot) => {
      const result = results[slot];
      if (result === undefined) throw new Error(`no result for request slot ${slot}`);
      return result;
    });
  }

  async close(): Promise<void> {
    await this.#processes.close();
  }

  async #run(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly ProgramRewards[]> {
    if (signal?.aborted === true) throw interrupted(signal);
    const { results, tokens } = await this.#processes.score(requests, signal);
    this.usage.tokens += tokens;
    return results;
  }
}

/** Keeps one loaded process ready, and starts another when it is gone. */
class ProcessKeeper {
  readonly #load: LoadMessage;
  readonly #watch: StandstillOptions;
  #process: ScoringProcess | null = null;
  #closed = false;

  constructor(load: LoadMessage, watch: StandstillOptions) {
    this.#load = load;
    this.#watch = watch;
  }

  /** Starts and loads; a process that dies while loading is tried once more. */
  async start(): Promise<ReadyMessage> {
    return await this.#twice(async () => {
      const { ready } = await this.#fresh();
      return ready;
    });
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<ScoredMessage> {
    return await this.#twice(async () => {
      const process = this.#process?.alive === true ? this.#process : (await this.#fresh(signal)).process;
      return await endOnAbort(process, signal, () => process.score({ kind: "score", requests }));
    }, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#process?.kill();
  }

  async #fresh(signal?: AbortSignal): Promise<{ process: ScoringProcess; ready: ReadyMessage }> {
    const process = new ScoringProcess(this.#watch);
    this.#process = process;
    try {
      return { process, ready: await endOnAbort(process, signal, () => process.load(this.#load)) };
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  async #twice<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (this.#closed)
        throw new FunprmError("model", "expected an open scorer, got a closed one. Open another.");
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ProcessDied)) throw error;
        if (signal?.aborted === true) throw interrupted(signal);
        if (tries === 1 || this.#closed) continue;
        throw new FunprmError(
          "model",
          `expected rewards from the model ${this.#load.manifest.name}, but ${error.message}, twice. ` +
            "Out of memory is the usual reason: give it more memory, or fewer threads.",
          { cause: error },
        );
      }
    }
  }
}

/** Runs `action` on a process and ends the process when the signal comes first. */
async function endOnAbort<T>(
  process: ScoringProcess,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const abort = (): void => void process.kill();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted === true) throw interrupted(signal);
    return await action();
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** The promise, or an error as soon as the signal comes, even while the promise's work still waits in the queue. */
async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interrupted(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function interrupted(signal: AbortSignal): FunprmError {
  return new FunprmError("interrupted", "scoring was interrupted before it was done", {
    cause: signal.reason,
  });
}
