import type { ScoreRequest } from "../../core/scorer.ts";

/** A call's requests as jobs, each small enough that memory stays flat however many requests a call has. */
export interface JobPlan {
  /** Different requests, at most a few hundred a job; those with equal statements share a job. */
  readonly jobs: readonly (readonly ScoreRequest[])[];
  /** For every request of the call, its index among the jobs' requests, counted through all jobs. */
  readonly slots: readonly number[];
}

/** A job is closed once it has this many programs and their statement has no more. */
const PROGRAMS_PER_JOB = 64;
/** A statement with more programs than this is computed again for the rest. */
const MOST_PROGRAMS = 512;

/** Finds equal requests and groups the different ones by statement, because their prefixes may be equal too. */
export function planJobs(requests: readonly ScoreRequest[]): JobPlan {
  const byStatement = new Map<string, Map<string, { request: ScoreRequest; callers: number[] }>>();
  for (const [caller, request] of requests.entries()) {
    const group = byStatement.get(request.statement) ?? new Map();
    byStatement.set(request.statement, group);
    const key = JSON.stringify(request.steps);
    const known = group.get(key);
    if (known === undefined) group.set(key, { request, callers: [caller] });
    else known.callers.push(caller);
  }

  const jobs: ScoreRequest[][] = [];
  const slots: number[] = [];
  let job: ScoreRequest[] = [];
  let slot = 0;
  const closeFrom = (programs: number): void => {
    if (job.length < programs) return;
    jobs.push(job);
    job = [];
  };
  for (const group of byStatement.values()) {
    for (const { request, callers } of group.values()) {
      job.push(request);
      for (const caller of callers) slots[caller] = slot;
      slot += 1;
      closeFrom(MOST_PROGRAMS);
    }
    closeFrom(PROGRAMS_PER_JOB);
  }
  closeFrom(1);
  return { jobs, slots };
}
