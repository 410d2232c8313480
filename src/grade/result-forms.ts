import { evalAllRecord, type EvalAllRecord } from "../formats/candidate-lines.ts";
import type { Problem } from "../core/problem.ts";
import { passedOf } from "../core/verdict.ts";
import type { Graded } from "./verdict.ts";

/** A problem's record of LiveCodeBench's eval_all.json; candidates without a verdict make it one without `graded_list`. */
export function evalAll(problem: Problem, graded: readonly Graded[]): EvalAllRecord {
  const candidates = graded.map(({ candidate: { passed: _recorded, ...candidate }, verdict }) => {
    const passed = passedOf(verdict);
    return passed === null ? candidate : { ...candidate, passed };
  });
  const metadata = graded.map(({ verdict, failedTest }) => ({ verdict, ...failedTest }));
  return evalAllRecord(problem, candidates, metadata);
}

/** One sample of a task in EvalPlus's `_eval_results.json`. */
interface EvalPlusResult {
  readonly task_id: string;
  readonly solution: string;
  readonly base_status: "pass" | "fail" | "timeout";
  /** null where the base tests failed: plus presupposes them. */
  readonly plus_status: "pass" | "fail" | "timeout" | null;
  readonly base_fail_tests: readonly unknown[];
  readonly plus_fail_tests: readonly unknown[];
}

/** One sample of a task in BigCodeBench's `_eval_results.json`. */
interface BigCodeBenchResult {
  readonly task_id: string;
  readonly solution: string;
  readonly status: "pass" | "fail" | "timeout";
  /** The first failing test with what it said. */
  readonly details: Readonly<Record<string, string>>;
}

/**
 * EvalPlus's result file, `{date, eval: {task: samples}}`. Samples without a verdict are left out, as a number of passes over them
 * would be wrong. `date` as `2026-11-20 12:00`.
 */
export function evalplusResults(graded: readonly Graded[], date: string) {
  return { date, eval: byTask(graded, evalplusResult) };
}

/** BigCodeBench's result file, `{date, eval: {task: samples}}`. */
export function bigcodebenchResults(graded: readonly Graded[], date: string) {
  return { date, eval: byTask(graded, bigcodebenchResult) };
}

function byTask<T>(graded: readonly Graded[], form: (graded: Graded) => T): Record<string, T[]> {
  const tasks: Record<string, T[]> = {};
  for (const each of graded) {
    if (passedOf(each.verdict) !== null) (tasks[each.candidate.problemId] ??= []).push(form(each));
  }
  return tasks;
}

function evalplusResult(graded: Graded): EvalPlusResult {
  const { candidate, verdict, parts = [], failedTest } = graded;
  const base = parts.find(({ name }) => name === "base");
  const plus = parts.find(({ name }) => name === "plus");
  const failing = failedTest?.input === undefined ? [] : [failedTest.input];
  const basePassed = (base?.verdict ?? verdict) === "pass";
  return {
    task_id: candidate.problemId,
    solution: candidate.code,
    base_status: statusOf(base?.verdict ?? verdict),
    plus_status: plus === undefined ? null : statusOf(plus.verdict),
    base_fail_tests: basePassed ? [] : failing,
    plus_fail_tests: basePassed ? failing : [],
  };
}

function bigcodebenchResult({ candidate, verdict, failedTest }: Graded): BigCodeBenchResult {
  const { problemId: task_id, code: solution } = candidate;
  const name = failedTest?.name ?? "ALL";
  const details = failedTest === undefined ? {} : { [name]: failedTest.message ?? verdict };
  return { task_id, solution, status: statusOf(verdict), details };
}

function statusOf(verdict: Graded["verdict"]): "pass" | "fail" | "timeout" {
  if (verdict === "pass") return "pass";
  return verdict === "time_limit" ? "timeout" : "fail";
}
