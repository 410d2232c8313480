/** Bounds of one run. CPU time comes first; wall time only ends what waits without computing. */
export interface Limits {
  /** CPU milliseconds of the run's processes together. */
  readonly cpuMs: number;
  /** CPU milliseconds of one call of a `calls` job; absent: only `cpuMs` counts. */
  readonly callCpuMs?: number;
  /** Milliseconds of waiting: wall time without the time in which the program stood in line for a processor. */
  readonly wallMs: number;
  /** Memory a program may add to the bare interpreter's, in bytes. */
  readonly memoryBytes: number;
  /** The longest stdout, stderr, report and file, in bytes; 256 MiB at most. */
  readonly outputBytes: number;
  /** Processes and threads at once. */
  readonly processes: number;
}

/** 10 s of CPU, 1 GiB, 16 MiB of output, 32 processes. */
export const DEFAULT_LIMITS: Limits = {
  cpuMs: 10_000,
  wallMs: 23_000,
  memoryBytes: 1 << 30,
  outputBytes: 16 << 20,
  processes: 32,
};

/** Wall time that goes with a CPU limit: twice as much and 3 s, for programs that wait for one another or sleep. */
export function wallLimitMs(cpuMs: number): number {
  return cpuMs * 2 + 3_000;
}

/** Runs the program as `python solution.py` with `stdin`. */
interface ScriptJob {
  readonly kind: "script";
  readonly code: string;
  /** Code before the program: imports and classes that the problem hands out. */
  readonly prelude: string;
  readonly stdin: string;
}

/** Calls `entryPoint` of the loaded program once for every list of arguments, in one process. */
interface CallsJob {
  readonly kind: "calls";
  readonly code: string;
  readonly prelude: string;
  readonly entryPoint: string;
  /** JSON text, an array of argument arrays. Text, because 1.0 and 1 are two things to Python. */
  readonly argumentsJson: string;
  /** Name of a conversion of evalplus_inputs.py. */
  readonly conversion?: string;
  /** Give answers of more than a million characters by digest, where equal values have one text. Default: false. */
  readonly digests?: boolean;
}

/** Runs `check(candidate)` of `test` in a process of its own, which asks the program's process. */
interface CheckJob {
  readonly kind: "check";
  readonly code: string;
  readonly prelude: string;
  readonly entryPoint: string;
  readonly test: string;
}

/** Runs unittest classes of `test` in the program's interpreter. */
interface UnittestJob {
  readonly kind: "unittest";
  readonly code: string;
  readonly prelude: string;
  readonly test: string;
  /** Absent: every TestCase class of the test. */
  readonly testClasses?: readonly string[];
  /** Key that signs the report's lines; draw a new one for every job. */
  readonly word: string;
}

export type Job = (ScriptJob | CallsJob | CheckJob | UnittestJob) & { readonly limits: Limits };

/**
 * How a run ended. `memory` and `processes`: all processes together outgrew the limit (one alone gets a MemoryError and exits).
 * `stopped`: whoever asked for the run had seen enough. `infra`: the sandbox itself failed, again and again; says nothing about the program.
 */
type RunStatus =
  | "exited"
  | "signal"
  | "timeout_cpu"
  | "timeout_wall"
  | "memory"
  | "processes"
  | "output"
  | "stopped"
  | "infra";

/** What a run did. All of it is the program's doing, so none of it is a verdict. */
export interface RunResult {
  readonly status: RunStatus;
  readonly exitCode?: number;
  readonly signal?: number;
  /** Signal that had ended the program's process when the tester's came to its end (check). */
  readonly otherSignal?: number;
  /** Up to `outputBytes`; bytes that are no UTF-8 become U+FFFD. */
  readonly stdout: string;
  /** The last 8 KiB. */
  readonly stderr: string;
  /** What the runner of this kind of job reported, see sandbox/python. */
  readonly report: string;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Peak resident memory of the largest process, interpreter included, in KiB. */
  readonly memoryKb: number;
  /** false: it ended before the program's first line, so that what was reported speaks of the tests. Absent: not known. */
  readonly begun?: boolean;
  /** Why the sandbox failed; only with status `infra`. */
  readonly cause?: string;
}

/** Looks at the lines of a report as they come, each once and in order. */
export type LookOut = (lines: readonly string[]) => boolean;

/** How a job is run. */
export interface RunOptions {
  /** Nothing else runs meanwhile. Default: false. */
  readonly alone?: boolean;
  readonly signal?: AbortSignal;
  /** An aborted `signal` ends the run when it goes on already, too. Default: it may finish. */
  readonly endsAtOnce?: boolean;
  /**
   * Gives a look-out for a run of the job; a second run, after a worker died, gets one of its own. It is called with new whole lines
   * of the report of a run that goes on for longer; true ends the run with status `stopped`.
   */
  readonly lookOut?: (() => LookOut) | undefined;
}

/** The costly border to running untrusted programs. */
export interface Sandbox {
  /** What isolates and which Python runs, for results: `bubblewrap, Python 3.11.7`. */
  readonly identity: string;
  /** What a program's behaviour depends on, the same on every machine that gives the same: Python, its libraries. */
  readonly fingerprint?: string;
  /** How many runs go on at once. */
  readonly jobs: number;
  /**
   * Runs one job; never rejects for anything a program does.
   * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed.
   */
  run(job: Job, options?: RunOptions): Promise<RunResult>;
  close(): Promise<void>;
}
