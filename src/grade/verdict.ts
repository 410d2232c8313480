import type { Candidate } from "../core/candidate.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RunResult } from "../sandbox/sandbox.ts";
import type { FailedTest } from "./failed-test.ts";

/** The verdict of one part of the tests that has a meaning of its own: EvalPlus base and plus, a method of a class. */
export interface PartVerdict {
  /** `base`, `plus`, a unittest class, or a method's name where a class of tests stands for it. */
  readonly name: string;
  readonly verdict: Verdict;
}

/** What grading found out about a program. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly failedTest?: FailedTest;
  readonly parts?: readonly PartVerdict[];
  /** Runs that passed, and runs there were; they differ from each other after a failure that stopped the candidate. */
  readonly passedTests: number;
  readonly totalTests: number;
  /** Sums over all runs that counted. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Peak of the largest process, in KiB. */
  readonly memoryKb: number;
}

/** A candidate with its outcome. */
export interface Graded extends Outcome {
  readonly candidate: Candidate;
  /** True when an equal program for the same problem had been graded before in this run. */
  readonly duplicate: boolean;
}

/** How one run of a planned test is judged. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly failed?: FailedTest;
  /** true for an `infra_error` that the program may have brought about: it stands if it comes without the program too. */
  readonly suspect?: boolean;
  /** The run could not carry the test, whatever the program is: PlannedTest.otherwise can. */
  readonly cannotCarry?: true;
}

const SIGXFSZ = 25;
const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
};

/** The judgement of a run that did not come to an end by itself; undefined when it did. */
export function judgeEnd(result: RunResult): Judgement | undefined {
  switch (result.status) {
    case "exited":
      return undefined;
    case "stopped": // for an answer that is judged before this; it can only be missing if the program took it back
      return failure("runtime_error", { message: "changed an answer that it had given" });
    case "infra":
      return failure("infra_error", { message: result.cause ?? "the sandbox failed" });
    case "timeout_cpu":
      return failure("time_limit", { message: `stopped after ${Math.round(result.cpuMs)} ms of CPU time` });
    case "timeout_wall":
      return failure("time_limit", { message: `stopped after ${Math.round(result.wallMs)} ms of waiting` });
    case "memory":
      return failure("memory_limit", { message: "the processes together used more memory than allowed" });
    case "output":
      return failure("output_limit", { message: "wrote more than allowed" });
    case "processes":
      return failure("runtime_error", { message: "started more processes than allowed" });
    case "signal": {
      if (result.signal === SIGXFSZ) return failure("output_limit", { message: "wrote more than allowed" });
      const number = result.signal ?? 0;
      return failure("runtime_error", { message: `ended by ${SIGNAL_NAMES[number] ?? `signal ${number}`}` });
    }
  }
}

/** An uncaught exception as a judgement; a MemoryError is the memory limit speaking. */
export function judgeException(type: string, message: string, about: Partial<FailedTest> = {}): Judgement {
  const text = message === "" ? type : `${type}: ${message}`;
  return failure(type === "MemoryError" ? "memory_limit" : "runtime_error", { ...about, message: text });
}

/** Tests that cannot run here, by what their own code raised: a library of theirs is missing, say. */
export function judgeBroken(type: string, message: string, about: Partial<FailedTest> = {}): Judgement {
  return failure("infra_error", { ...about, message: `the tests cannot run here: ${type}: ${message}` });
}

export function failure(verdict: Verdict, failed: Partial<FailedTest>): Judgement {
  return { verdict, failed: { index: 0, ...failed } };
}

const SHOWN_CHARS = 300;

/**
 * Long texts with their middle cut out. The result is a copy: V8's slices keep the whole text they were cut from, here the inputs
 * of a release.
 */
export function shorten(text: string): string {
  const short =
    text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS / 2)}…${text.slice(-SHOWN_CHARS / 2)}`;
  return Buffer.from(short, "utf16le").toString("utf16le");
}
