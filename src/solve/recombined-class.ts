import type { Candidate } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";
import { outlineOf } from "../rollout/outline.ts";
import { chooseMethods, withMethods } from "../rollout/recombine-class.ts";
import { classSessions, runClassSessions } from "../statement/sessions/class-evidence.ts";
import { methodEvidence } from "../statement/sessions/method-evidence.ts";
import { classReward, methodReward } from "../statement/sessions/method-rewards.ts";
import type { SessionRunOptions } from "../statement/sessions/run-sessions.ts";

/** A class put together from the methods of several candidates. */
export interface RecombinedClass {
  readonly code: string;
  /** Sample index of the candidate whose methods and module code are there unless `methods` names another. */
  readonly base: number;
  /** Sample index by `Class.method`. */
  readonly methods: Readonly<Record<string, number>>;
}

/**
 * The best-supported methods of all candidates in one class. undefined when the problem fixes no class with examples, when
 * one candidate has the best of all of them, when they do not fit together, or when the result does worse in the sessions
 * than the candidate that it began with.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function recombinedClass(
  problem: Problem,
  candidates: readonly Candidate[],
  options: SessionRunOptions,
): Promise<RecombinedClass | undefined> {
  const usable = candidates.filter(({ code }) => /\S/.test(code));
  const sessions = usable.length < 2 ? undefined : await classSessions(problem, options);
  if (sessions === undefined) return undefined;
  const codes = usable.map(({ code }) => code);
  const programs = await runClassSessions(problem, sessions, codes, options);
  const rewards = methodEvidence(sessions, programs).map(
    (methods) => new Map([...methods].map(([name, evidence]) => [name, methodReward(evidence)])),
  );
  const choice = chooseMethods(rewards);
  const base = choice === undefined ? undefined : usable[choice.base];
  if (choice === undefined || base === undefined || choice.donors.size === 0) return undefined;
  const donors = [...choice.donors].map(([method, at]) => [method, outlineOf(codes[at] ?? "")] as const);
  const code = withMethods(outlineOf(base.code), new Map(donors));
  if (code === undefined) return undefined;

  const [whole] = await runClassSessions(problem, sessions, [code], options);
  const evidence = whole === undefined ? [] : methodEvidence(sessions, [...programs, whole]);
  const [before, after] = [evidence[choice.base], evidence.at(-1)];
  if (before === undefined || after === undefined || classReward(after) <= classReward(before))
    return undefined;
  const methods = [...choice.donors].map(([method, at]) => [method, usable[at]?.sampleIndex ?? at] as const);
  return { code, base: base.sampleIndex, methods: Object.fromEntries(methods) };
}
