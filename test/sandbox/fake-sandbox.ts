import { FunprmError } from "../../src/core/errors.ts";
import type { Job, RunOptions, RunResult, Sandbox } from "../../src/sandbox/sandbox.ts";

/** What a program does, by its source text. */
export type FakeProgram = (job: Job, run: { readonly alone: boolean }) => Partial<RunResult>;

/** A sandbox without processes, for tests of what uses it: every program is a function, unknown ones exit with 1. */
export class FakeSandbox implements Sandbox {
  readonly identity = "fake";
  readonly jobs: number;
  readonly #programs: ReadonlyMap<string, FakeProgram>;
  /** Every job that ran, in order. */
  readonly ran: { readonly job: Job; readonly alone: boolean }[] = [];
  /** The most jobs that ran at once. */
  mostAtOnce = 0;
  #running = 0;
  #aloneRunning = false;
  #closed = false;

  constructor(programs: ReadonlyMap<string, FakeProgram>, jobs = 2) {
    this.#programs = programs;
    this.jobs = jobs;
  }

  async run(job: Job, options: RunOptions = {}): Promise<RunResult> {
    if (this.#closed) throw new FunprmError("grading", "the sandbox was closed before the job could run");
    if (options.signal?.aborted === true) {
      throw new FunprmError("interrupted", "grading was interrupted before the job could run");
    }
    const alone = options.alone ?? false;
    const mustWait = () => this.#aloneRunning || this.#running >= (alone ? 1 : this.jobs);
    while (mustWait()) await new Promise((resolve) => setImmediate(resolve));
    this.#running += 1;
    this.#aloneRunning = alone;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    await new Promise((resolve) => setImmediate(resolve));
    this.#running -= 1;
    this.#aloneRunning = false;
    this.ran.push({ job, alone });
    const program = this.#programs.get(job.code) ?? (() => ({ exitCode: 1 }));
    const did: Partial<RunResult> = program(job, { alone });
    const idle: RunResult = {
      status: "exited",
      stdout: "",
      stderr: "",
      report: "",
      cpuMs: 1,
      wallMs: 1,
      memoryKb: 1,
    };
    const lines = (did.report ?? "").split("\n").slice(0, -1);
    if (did.status !== undefined && options.lookOut?.()(lines) === true) {
      return { ...idle, ...did, status: "stopped" };
    }
    return { ...idle, ...((did.status ?? "exited") === "exited" ? { exitCode: 0 } : {}), ...did };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
