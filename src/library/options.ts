import type { Aggregate } from "../core/aggregate.ts";
import type { StepSize } from "../core/step.ts";
import type { Reporter } from "../console/reporter.ts";

/** What every call of the library takes. */
export interface CallOptions {
  /** Aborted: what is under way ends, and the call throws FunprmError `interrupted`. */
  readonly signal?: AbortSignal;
  /** Told what a user should know and what is no error. Default: nobody. */
  readonly onWarning?: (warning: string) => void;
}

/** How programs are run. */
export interface RunningOptions {
  /** Interpreter that runs candidates, with its libraries. Default: `python3`. */
  readonly python?: string;
}

/** How a PRM reads programs. */
export interface ScoringOptions {
  /** Folder or hub id of a process reward model. */
  readonly prm?: string;
  /** Default: `function`. */
  readonly steps?: StepSize;
  /** Of step rewards. Default: the model's own. */
  readonly aggregate?: Aggregate;
}

export function reporterOf({ onWarning = () => {} }: CallOptions): Reporter {
  return { note() {}, warn: onWarning, error: onWarning, progress() {}, clear() {} };
}

/** A signal that never aborts where the caller gives none. */
export function signalOf({ signal }: CallOptions): AbortSignal {
  return signal ?? new AbortController().signal;
}
