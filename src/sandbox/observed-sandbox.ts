import type { Job, RunOptions, RunResult, Sandbox } from "./sandbox.ts";

/** A sandbox whose every result somebody is told of, before whoever asked for it. */
export class ObservedSandbox implements Sandbox {
  readonly #sandbox: Sandbox;
  readonly #tell: (result: RunResult) => void;

  constructor(sandbox: Sandbox, tell: (result: RunResult) => void) {
    this.#sandbox = sandbox;
    this.#tell = tell;
  }

  get identity(): string {
    return this.#sandbox.identity;
  }

  get fingerprint(): string {
    return this.#sandbox.fingerprint ?? this.#sandbox.identity;
  }

  get jobs(): number {
    return this.#sandbox.jobs;
  }

  async run(job: Job, options?: RunOptions): Promise<RunResult> {
    const result = await this.#sandbox.run(job, options);
    this.#tell(result);
    return result;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }
}
