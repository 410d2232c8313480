import type { Job, RunOptions, RunResult, Sandbox } from "../../sandbox/sandbox.ts";

/** A sandbox that remembers whether it failed itself, which says nothing about the program. */
export class WatchedSandbox implements Sandbox {
  readonly #sandbox: Sandbox;
  failed = false;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  get identity(): string {
    return this.#sandbox.identity;
  }

  get jobs(): number {
    return this.#sandbox.jobs;
  }

  async run(job: Job, options?: RunOptions): Promise<RunResult> {
    const result = await this.#sandbox.run(job, options);
    if (result.status === "infra") this.failed = true;
    return result;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }
}
