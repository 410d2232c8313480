import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import type { Launch } from "./bubblewrap.ts";
import type { Frame } from "./frames.ts";
import type { Job, RunOptions, RunResult, Sandbox } from "./sandbox.ts";
import { Worker } from "./worker.ts";

export interface WorkerPoolOptions {
  readonly identity: string;
  readonly fingerprint?: string;
  readonly jobs: number;
  /** How to start the fork server of a slot, from 0 to jobs - 1. */
  readonly launch: (slot: number) => Launch;
  /** Time beyond the longest that a job may take after which its worker counts as hung. */
  readonly graceMs?: number;
}

interface Waiting extends RunOptions {
  readonly job: Job;
  /** Runs that a signal from nobody knows where has ended. */
  readonly deaths: number;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: unknown) => void;
}

const ATTEMPTS = 3;
/**
 * A run is tried so often before a signal that no limit sent counts as the program's doing: whoever kills processes of this machine,
 * the kernel when memory is short included, says nothing about the program.
 */
const DEATHS = 3;
/** SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM: what others send. */
const SENT_BY_OTHERS: ReadonlySet<number> = new Set([1, 2, 3, 9, 15]);
/** A fork server lets a run go on this many wall limits where it stands in line for a processor (python/execution.py). */
const WALL_FACTOR = 4;
const DEFAULT_GRACE_MS = 5_000;

/**
 * A sandbox of long-lived fork servers, one job at a time each. A dead or hung one is replaced and its job run again; so is a job
 * whose program was killed, with nothing beside it.
 */
export class WorkerPool implements Sandbox {
  readonly identity: string;
  readonly fingerprint: string;
  readonly jobs: number;
  readonly #launch: (slot: number) => Launch;
  readonly #graceMs: number;
  readonly #workers: (Worker | undefined)[];
  readonly #idle: number[];
  readonly #queue: Waiting[] = [];
  #running = 0;
  #aloneRunning = false;
  #closed = false;
  #lastId = 0;

  constructor(options: WorkerPoolOptions) {
    this.identity = options.identity;
    this.fingerprint = options.fingerprint ?? options.identity;
    this.jobs = options.jobs;
    this.#launch = options.launch;
    this.#graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
    this.#workers = Array.from({ length: options.jobs }, () => undefined);
    this.#idle = Array.from({ length: options.jobs }, (_, slot) => options.jobs - 1 - slot);
  }

  run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...options, job, deaths: 0, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#dispatch();
    await Promise.all(this.#workers.map(async (worker) => worker?.kill()));
  }

  /** Starts what may start: jobs in order; one that must be alone waits for quiet and holds up those behind it. */
  #dispatch(): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined) return;
      const refusal = this.#refusal(next);
      if (refusal !== undefined) {
        this.#queue.shift();
        next.reject(refusal);
        continue;
      }
      if (this.#aloneRunning || (next.alone === true && this.#running > 0)) return;
      const slot = this.#idle.pop();
      if (slot === undefined) return;
      this.#queue.shift();
      this.#running += 1;
      this.#aloneRunning = next.alone ?? false;
      void this.#serve(next, slot);
    }
  }

  #refusal(waiting: Waiting): FunprmError | undefined {
    if (this.#closed) return new FunprmError("grading", "the sandbox was closed before the job could run");
    if (waiting.signal?.aborted === true) {
      return new FunprmError("interrupted", "grading was interrupted before the job could run");
    }
    return undefined;
  }

  async #serve(waiting: Waiting, slot: number): Promise<void> {
    try {
      const result = await this.#attempt(waiting, slot);
      const deaths = waiting.deaths + 1;
      if (endedFromOutside(result) && deaths < DEATHS)
        this.#queue.unshift({ ...waiting, deaths, alone: true });
      else waiting.resolve(result);
    } catch (error) {
      waiting.reject(error);
    } finally {
      this.#running -= 1;
      this.#aloneRunning = false;
      this.#idle.push(slot);
      this.#dispatch();
    }
  }

  async #attempt(waiting: Waiting, slot: number): Promise<RunResult> {
    const { job, lookOut, signal, endsAtOnce } = waiting;
    let cause = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const refusal = this.#refusal(waiting);
      if (refusal !== undefined) throw refusal;
      const worker = await this.#worker(slot);
      if (signal?.aborted === true) continue;
      this.#lastId += 1;
      const id = this.#lastId;
      const { header, texts } = jobFrame(job, id);
      const limitMs = WALL_FACTOR * job.limits.wallMs + this.#graceMs;
      const end = (): void => void worker.kill();
      if (endsAtOnce === true) signal?.addEventListener("abort", end, { once: true });
      const answer = await worker.ask(
        { ...header, watched: lookOut !== undefined },
        texts,
        limitMs,
        lookOut?.(),
      );
      signal?.removeEventListener("abort", end);
      const result = answer.frame?.header["id"] === id ? readResult(answer.frame) : undefined;
      if (result !== undefined && result.status !== "infra") {
        if (answer.frame?.header["worn"] === true) await this.#replace(slot);
        return result;
      }
      cause = answer.failure ?? `the sandbox worker could not confine the program: ${result?.stderr ?? ""}`;
      await this.#replace(slot);
    }
    return infraResult(cause);
  }

  async #worker(slot: number): Promise<Worker> {
    const present = this.#workers[slot];
    if (present?.alive === true) return present;
    const started = new Worker(this.#launch(slot));
    this.#workers[slot] = started;
    await started.ready;
    return started;
  }

  async #replace(slot: number): Promise<void> {
    await this.#workers[slot]?.kill();
    this.#workers[slot] = undefined;
  }
}

function endedFromOutside({ status, signal = 0, otherSignal = 0 }: RunResult): boolean {
  return (status === "signal" && SENT_BY_OTHERS.has(signal)) || SENT_BY_OTHERS.has(otherSignal);
}

function jobFrame(job: Job, id: number): { header: Record<string, unknown>; texts: string[] } {
  const { kind, limits } = job;
  const header = { id, kind, limits };
  switch (job.kind) {
    case "script":
      return { header, texts: [job.code, job.prelude, job.stdin] };
    case "calls": {
      const { entryPoint, conversion = null, digests = false } = job;
      return {
        header: { ...header, entryPoint, conversion, digests },
        texts: [job.code, job.prelude, job.argumentsJson],
      };
    }
    case "check":
      return { header: { ...header, entryPoint: job.entryPoint }, texts: [job.code, job.prelude, job.test] };
    case "unittest": {
      const { testClasses = null, word } = job;
      return { header: { ...header, testClasses, word }, texts: [job.code, job.prelude, job.test] };
    }
  }
}

const answerSchema = z.object({
  status: z.enum([
    "exited",
    "signal",
    "timeout_cpu",
    "timeout_wall",
    "memory",
    "processes",
    "output",
    "stopped",
    "infra",
  ]),
  exitCode: z.int().exactOptional(),
  signal: z.int().exactOptional(),
  otherSignal: z.int().exactOptional(),
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryKb: z.number(),
  begun: z.boolean(),
});

function readResult(frame: Frame): RunResult {
  const [stdout = "", stderr = "", report = ""] = frame.blobs.map((blob) => blob.toString("utf8"));
  return { ...answerSchema.parse(frame.header), stdout, stderr, report };
}

function infraResult(cause: string): RunResult {
  return { status: "infra", stdout: "", stderr: "", report: "", cpuMs: 0, wallMs: 0, memoryKb: 0, cause };
}
