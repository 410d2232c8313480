import { referenceMs } from "../sandbox/machine-speed.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { gradingLimits, type GradeOptions } from "../grade/grader.ts";
import { StoredOutcomes } from "../grade/stored-outcomes.ts";
import type { ProblemLookup } from "../grade/tests/test-plan-cache.ts";
import type { EntryStore } from "../store/entry-store.ts";

export interface VerdictsOf {
  readonly lookup: ProblemLookup;
  readonly sandbox: Sandbox;
  readonly grade: GradeOptions;
  readonly signal: AbortSignal;
}

/** The verdicts of a store, as a run with these options looks for them. Measures the machine's speed. */
export async function storedOutcomes(
  store: EntryStore,
  { lookup, sandbox, grade, signal }: VerdictsOf,
): Promise<StoredOutcomes> {
  const { cpuMs, ...limits } = gradingLimits(grade);
  return new StoredOutcomes(store, {
    lookup,
    cpuMs,
    scope: {
      limits,
      stopAtFirstFailure: grade.stopAtFirstFailure ?? false,
      confirmTimeouts: grade.confirmTimeouts ?? true,
      interpreter: sandbox.fingerprint ?? sandbox.identity,
    },
    referenceMs: await referenceMs(sandbox, signal),
  });
}
