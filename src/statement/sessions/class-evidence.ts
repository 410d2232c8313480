import type { Problem } from "../../core/problem.ts";
import { loadPythonParser } from "../../steps/index.ts";
import { eachProgram } from "../run/each-program.ts";
import type { ExecutionEvidence } from "../run/execution-result.ts";
import { shortHash } from "../run/short-hash.ts";
import { staticEvidence } from "../static/static-evidence.ts";
import { fixedFunctions } from "./fixed-functions.ts";
import { furtherSessions } from "./further-sessions.ts";
import type { ClassSessions, ProgramSessions } from "./method-evidence.ts";
import { readSessions } from "./read-sessions.ts";
import { runSessions, type SessionRunOptions } from "./run-sessions.ts";
import type { SessionStep, StepOutcome } from "./session.ts";

/**
 * The sessions of a class that the starter code fixes; undefined when it fixes none, or when no docstring shows how its
 * methods are called.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function classSessions(
  problem: Problem,
  options: SessionRunOptions,
): Promise<ClassSessions | undefined> {
  await loadPythonParser();
  const shown = readSessions(problem);
  if (shown.length === 0) return undefined;
  const methods = fixedFunctions(problem)
    .outlines.filter(({ bare }) => bare !== "__init__")
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
    soundness: soundness[i],
    shown: each.slice(0, sessions.shown.length),
    further: each.slice(sessions.shown.length),
  }));
}

/**
 * The sessions of a class, or of a function that works with libraries, in the terms of other problems: a result for every
 * statement that a docstring shows, and an answer for every statement of the further sessions (of a library's function,
 * for every call). Nothing where no docstring shows a session. Throws as `classSessions`.
 */
export async function sessionEvidence(
  problem: Problem,
  programs: readonly string[],
  options: SessionRunOptions,
): Promise<ExecutionEvidence[]> {
  const sessions = await classSessions(problem, options);
  if (sessions === undefined) return programs.map(() => ({}));
  const all = [...sessions.shown, ...sessions.further];
  const { library } = fixedFunctions(problem);
  return eachProgram(programs, options.sandbox.jobs, async (code) => {
    const outcomes = await runSessions(code, problem, all, options);
    const further = outcomes.slice(sessions.shown.length);
    return {
      exampleResults: sessions.shown.flatMap(({ steps }, s) =>
        steps.map((step, t) => stepResult(step, outcomes[s]?.[t] ?? null)),
      ),
      probeAnswers: library
        ? sessions.further.flatMap(({ steps }, s) => callAnswers(further[s]?.[steps.length - 1] ?? null))
        : further.flat().map((step) => step && shortHash(JSON.stringify([step.outcome, step.state]))),
    };
  });
}

/** Of a call the value, and what it left behind: a plot may be drawn in many right ways where the value is one. */
function callAnswers(step: StepOutcome | null): (string | null)[] {
  return step === null ? [null, null] : [shortHash(step.outcome), shortHash(step.state)];
}

/** A statement that shows nothing is passed by what raises nothing; null where what it shows cannot be compared. */
function stepResult({ printed, states }: SessionStep, outcome: StepOutcome | null): boolean | null {
  if (outcome === null) return false;
  if (printed === undefined && states === undefined) return !outcome.outcome.startsWith("raises ");
  return outcome.passed;
}
