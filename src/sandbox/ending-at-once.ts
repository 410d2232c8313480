import type { Sandbox } from "./sandbox.ts";

/** Whoever no longer waits has no use for the programs under way, and others do for their places. */
export function endingAtOnce(sandbox: Sandbox): Sandbox {
  return {
    identity: sandbox.identity,
    jobs: sandbox.jobs,
    run: (job, options) => sandbox.run(job, { ...options, endsAtOnce: true }),
    close: () => sandbox.close(),
  };
}
