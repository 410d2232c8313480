import type { Problem } from "../../core/problem.ts";
import { eachProgram } from "../run/execution-evidence.ts";
import { staticEvidence } from "../static/static-evidence.ts";
import { methodsOf } from "./class-outline.ts";
import { furtherSessions } from "./further-sessions.ts";
import type { ClassSessions, ProgramSessions } from "./method-evidence.ts";
import { readSessions } from "./read-sessions.ts";
import { runSessions, type SessionRunOptions } from "./run-sessions.ts";

/**
 * The sessions of a class that the starter code fixes; undefined when it fixes none, or when no docstring shows how its
 * methods are called. Needs `loadPythonParser()` to be done.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function classSessions(
  problem: Problem,
  options: SessionRunOptions,
): Promise<ClassSessions | undefined> {
  const shown = readSessions(problem);
  if (shown.length === 0) return undefined;
  const methods = methodsOf(problem.starterCode)
    .filter(({ bare }) => bare !== "__init__")
    .map(({ name }) => name);
  return { methods, shown, further: await furtherSessions(problem, shown, options) };
}

/** Runs every different program once in all sessions. Throws as `classSessions`. */
export async function runClassSessions(
  problem: Problem,
  sessions: ClassSessions,
  programs: readonly string[],
  options: SessionRunOptions,
): Promise<ProgramSessions[]> {
  const soundness = await staticEvidence(problem, programs, options);
  const all = [...sessions.shown, ...sessions.further];
  const outcomes = await eachProgram(programs, options.sandbox.jobs, (code) =>
    runSessions(code, problem, all, options),
  );
  return outcomes.map((each, i) => ({
    soundness: soundness[i] ?? { compiles: false, findings: [] },
    shown: each.slice(0, sessions.shown.length),
    further: each.slice(sessions.shown.length),
  }));
}
