import type { Job, Limits, LookOut, RunResult } from "../../sandbox/sandbox.ts";
import type { Judgement } from "../verdict.ts";

/** One run of a program and how to judge it. What the program must answer stays here; only the job goes into the sandbox. */
export interface PlannedTest {
  /** Tests this run stands for: 1, or the number of argument lists of a batch. */
  readonly count: number;
  /** Set where the verdict of this run alone has a meaning: `base`, `plus`, a method. */
  readonly part?: string;
  job(code: string, limits: Limits): Job;
  judge(result: RunResult, job: Job): Judgement;
  /** A new look-out for one run: true once the report's lines so far make its failure certain, so that it need not go on. */
  readonly lookOut?: () => LookOut;
  /** How to run it when a judgement says that the first way cannot carry this test; depends on the test only, never on the program. */
  readonly otherwise?: PlannedTest;
}

/**
 * One run of all parts, before each is run apart. Parts that pass in it have passed: it is how the suite itself runs them, and some use
 * what earlier ones left behind. The others get their verdict apart, where no other part can spoil it.
 */
export interface Together {
  job(code: string, limits: Limits): Job;
  /** Positions among the plan's tests of those that passed. */
  passed(result: RunResult, job: Job): ReadonlySet<number>;
}

export interface Plan {
  readonly tests: readonly PlannedTest[];
  readonly together?: Together;
  /** Characters the plan holds, for a cache with a bound. */
  readonly weight: number;
}
