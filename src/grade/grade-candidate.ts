import type { Job, Limits, RunOptions, RunResult, Sandbox } from "../sandbox/sandbox.ts";
import type { Plan, PlannedTest } from "./tests/planned-test.ts";
import type { FailedTest } from "./failed-test.ts";
import { failure, type Judgement, type Outcome, type PartVerdict } from "./verdict.ts";

export interface GradeTools {
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  readonly stopAtFirstFailure: boolean;
  readonly signal?: AbortSignal;
  /** A time limit counts only after a second run with nothing else running. */
  readonly confirmTimeouts: boolean;
  /** Calls `run` when everything else has come to rest. */
  readonly confirm: (run: () => Promise<Judged>) => Promise<Judged>;
}

/** A run with its judgement. */
interface Judged {
  readonly result: RunResult;
  readonly judgement: Judgement;
}

/**
 * Runs a program through the tests of a plan, in order. A time limit ends it, like the first failure where that was asked for; parts
 * with verdicts of their own run all the same, unless the failure is theirs to share (EvalPlus: plus presupposes base).
 */
export async function gradeProgram(
  code: string,
  { tests, together }: Plan,
  tools: GradeTools,
): Promise<Outcome> {
  const total = tests.reduce((sum, test) => sum + test.count, 0);
  const spent = { cpuMs: 0, wallMs: 0, memoryKb: 0 };
  const parts: PartVerdict[] = [];
  let passedTests = 0;
  let done = 0;
  let first: Judgement | undefined;
  const spend = ({ cpuMs, wallMs, memoryKb }: RunResult) => {
    spent.cpuMs += cpuMs;
    spent.wallMs += wallMs;
    spent.memoryKb = Math.max(spent.memoryKb, memoryKb);
  };
  let passedTogether: ReadonlySet<number> = new Set();
  if (together !== undefined) {
    const job = together.job(code, tools.limits);
    const result = await runJob(job, tools);
    spend(result);
    passedTogether = together.passed(result, job);
  }
  for (const [at, test] of tests.entries()) {
    let judgement: Judgement = { verdict: "pass" };
    if (!passedTogether.has(at)) {
      const judged = await judgeTest(test, code, tools);
      spend(judged.result);
      judgement = judged.judgement;
    }
    if (test.part !== undefined) parts.push({ name: test.part, verdict: judgement.verdict });
    if (judgement.verdict === "pass") passedTests += test.count;
    else if (first === undefined || (judgement.verdict === "tampered" && first.verdict !== "tampered")) {
      first = { ...judgement, failed: placed(judgement.failed, done) };
    }
    done += test.count;
    if (judgement.verdict === "infra_error") break;
    if (first !== undefined && (tools.stopAtFirstFailure || endsAll(judgement, test))) break;
  }
  return {
    verdict: first?.verdict ?? "pass",
    ...(first?.failed === undefined ? {} : { failedTest: first.failed }),
    ...(parts.length === 0 ? {} : { parts }),
    passedTests,
    totalTests: total,
    ...spent,
  };
}

const BREAKS_ITS_TEST = "the program takes away what its test imports";

/** One test, run again alone when it was over its time, and another way when the first cannot carry it. */
async function judgeTest(test: PlannedTest, code: string, tools: GradeTools): Promise<Judged> {
  let judged = await runTest(test, code, tools);
  if (judged.judgement.verdict === "time_limit" && tools.confirmTimeouts) {
    judged = await tools.confirm(() => runTest(test, code, tools, true));
  }
  if (judged.judgement.cannotCarry === true && test.otherwise !== undefined) {
    return judgeTest(test.otherwise, code, tools);
  }
  return judged.judgement.suspect === true ? cleared(judged, test, tools) : judged;
}

/** The run's judgement where the test fails without the program too; what only fails with it is the program's doing. */
async function cleared(judged: Judged, test: PlannedTest, tools: GradeTools): Promise<Judged> {
  const without = await runTest(test, "", tools);
  if (without.judgement.verdict === "infra_error") return judged;
  const { failed } = judged.judgement;
  return { ...judged, judgement: failure("runtime_error", { ...failed, message: BREAKS_ITS_TEST }) };
}

async function runTest(test: PlannedTest, code: string, tools: GradeTools, alone = false): Promise<Judged> {
  const job = test.job(code, tools.limits);
  const result = await runJob(job, tools, { alone, lookOut: test.lookOut });
  return { result, judgement: test.judge(result, job) };
}

function runJob(job: Job, { sandbox, signal }: GradeTools, options: RunOptions = {}): Promise<RunResult> {
  return sandbox.run(job, { ...options, ...(signal === undefined ? {} : { signal }) });
}

/** A program that hangs on one test would hang on many; EvalPlus's plus inputs mean nothing without base. */
function endsAll(judgement: Judgement, test: PlannedTest): boolean {
  return test.part === "base" || (judgement.verdict === "time_limit" && test.part === undefined);
}

function placed(failed: FailedTest | undefined, before: number): FailedTest {
  return { ...failed, index: before + (failed?.index ?? 0) };
}
