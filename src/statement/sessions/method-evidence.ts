import type { StaticEvidence } from "../static/static-evidence.ts";
import { isSound } from "../static/soundness.ts";
import type { Session, SessionOutcome, SessionStep, StepOutcome } from "./session.ts";

/** What is known of one method of one program, compared with the same method of the group's other programs. */
export interface MethodEvidence {
  /** Nothing is known to be wrong with it as it stands, see static-evidence.ts. */
  readonly sound: boolean;
  /** Share of its docstring's steps that it passes, of those that some program passes; null where there are none. */
  readonly examples: number | null;
  /** Mean share of the group that does the same in a call of it; null where no call was made. */
  readonly agreement: number | null;
}

/** What one program did in all sessions of its class. */
export interface ProgramSessions {
  /** undefined: not known, because the sandbox failed. */
  readonly soundness: StaticEvidence | undefined;
  /** In the order of the docstrings' sessions, and of the further ones. */
  readonly shown: readonly SessionOutcome[];
  readonly further: readonly SessionOutcome[];
}

export interface ClassSessions {
  /** `Class.method` of the methods that are asked for. */
  readonly methods: readonly string[];
  readonly shown: readonly Session[];
  readonly further: readonly Session[];
}

/** A step that passes is worth 1; one that nobody can judge, and that raised nothing, half of that. */
const OPEN = 0.5;

/**
 * Evidence by program (outer) and method. Pure: everything was run before. Programs are compared with those of the group
 * alone, each as often as it was sampled.
 */
export function methodEvidence(
  sessions: ClassSessions,
  programs: readonly ProgramSessions[],
): ReadonlyMap<string, MethodEvidence>[] {
  const shown = stepTable(
    sessions.shown,
    programs.map((program) => program.shown),
    exampleValues,
    (session) => session.method,
  );
  const calls = stepTable(
    sessions.further,
    programs.map((program) => program.further),
    shares,
    (_, step) => step.method,
  );
  return programs.map(
    ({ soundness }, i) =>
      new Map(
        sessions.methods.map((method) => [
          method,
          {
            sound: soundness === undefined || isSound(soundness, method),
            examples: mean(shown.get(method)?.map((values) => values[i] ?? 0)),
            agreement: mean(calls.get(method)?.map((values) => values[i] ?? 0)),
          },
        ]),
      ),
  );
}

/** For every step that says something the programs' values, by the method that it counts for. */
function stepTable(
  sessions: readonly Session[],
  outcomes: readonly (readonly SessionOutcome[])[],
  valuesOf: (step: SessionStep, each: readonly (StepOutcome | null)[]) => number[] | undefined,
  methodOf: (session: Session, step: SessionStep) => string | undefined,
): Map<string, number[][]> {
  const table = new Map<string, number[][]>();
  for (const [s, session] of sessions.entries()) {
    for (const [t, step] of session.steps.entries()) {
      const method = methodOf(session, step);
      const values = valuesOf(
        step,
        outcomes.map((program) => program[s]?.[t] ?? null),
      );
      if (method === undefined || values === undefined) continue;
      const known = table.get(method);
      if (known === undefined) table.set(method, [values]);
      else known.push(values);
    }
  }
  return table;
}

/**
 * 1 for a program that does what a docstring's step shows. undefined for a step that no program passes: the docstring is
 * wrong, or needs what is not there. A call that shows nothing is passed by what raises nothing.
 */
function exampleValues(
  { printed, states }: SessionStep,
  each: readonly (StepOutcome | null)[],
): number[] | undefined {
  const isShown = printed !== undefined || states !== undefined;
  const values = each.map((outcome) => {
    if (outcome === null) return 0;
    if (!isShown) return Number(!outcome.outcome.startsWith("raises "));
    return outcome.passed === null ? OPEN : Number(outcome.passed);
  });
  return values.includes(1) ? values : undefined;
}

/** Share of the programs, itself included, that have a program's outcome and state; 0 where it was not come to. */
function shares(_: SessionStep, each: readonly (StepOutcome | null)[]): number[] {
  const texts = each.map((outcome) => outcome && `${outcome.outcome}\n${outcome.state}`);
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map((text) => (text === null ? 0 : (counts.get(text) ?? 0) / each.length));
}

function mean(values: readonly number[] | undefined): number | null {
  if (values === undefined || values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
