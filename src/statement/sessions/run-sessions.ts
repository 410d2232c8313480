import { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import { readAnswers } from "../../grade/tests/call.ts";
import { DEFAULT_LIMITS, type Limits, type Sandbox, wallLimitMs } from "../../sandbox/sandbox.ts";
import { pythonPackage } from "../python-package.ts";
import { examplePrelude } from "../../grade/prelude.ts";
import { fixedFunctions } from "./fixed-functions.ts";
import type { Session, SessionOutcome } from "./session.ts";

export interface SessionRunOptions {
  readonly sandbox: Sandbox;
  readonly signal?: AbortSignal;
}

interface Budget {
  /** CPU milliseconds of one program in all its sessions: most need a tenth. */
  readonly cpuMs: number;
  /** CPU milliseconds of one session: ends a program that the harness cannot interrupt. */
  readonly sessionCpuMs: number;
  /** CPU seconds after which the harness ends a statement, and the loading of the program. */
  readonly stepS: number;
  readonly loadS: number;
}

const CLASS_BUDGET: Budget = { cpuMs: 6_000, sessionCpuMs: 2_000, stepS: 0.25, loadS: 0.25 };
/** Loading libraries takes a second or two, and drawing a tenth. */
const LIBRARY_BUDGET: Budget = { cpuMs: 20_000, sessionCpuMs: 8_000, stepS: 2, loadS: 8 };
/** A program that hangs or ends its process in this many sessions is not asked again. */
const RESTARTS = 3;

const HARNESS = pythonPackage(new URL("session_run/", import.meta.url), [
  "library.py",
  "canonical.py",
  "effects.py",
  "outcome.py",
  "web.py",
  "session.py",
]);

const Outcomes = z.array(
  z.object({ outcome: z.string(), state: z.string(), passed: z.boolean().nullable() }),
);

/**
 * Runs sessions on one program, each in a module of its own, so that one that fails does not hide another. They share
 * a process; after a session that hangs or ends it the rest runs in a new one.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function runSessions(
  code: string,
  problem: Problem,
  sessions: readonly Session[],
  { sandbox, signal }: SessionRunOptions,
): Promise<SessionOutcome[]> {
  const outcomes: SessionOutcome[] = [];
  const { library } = fixedFunctions(problem);
  const budget = library ? LIBRARY_BUDGET : CLASS_BUDGET;
  const prepared = [
    pythonString(programText(code, problem)),
    JSON.stringify(namedAttributes(problem, sessions)),
    budget.stepS,
    budget.loadS,
    library ? "True" : "False",
  ].join(", ");
  let leftMs = budget.cpuMs;
  for (let starts = 0; outcomes.length < sessions.length && starts <= RESTARTS && leftMs > 0; starts += 1) {
    const left = sessions.slice(outcomes.length);
    const result = await sandbox.run(
      {
        kind: "calls",
        prelude: "",
        code: `${HARNESS}session_run.prepare(${prepared})\n`,
        entryPoint: "session_run.run",
        argumentsJson: JSON.stringify(left.map(({ steps }) => [steps])),
        limits: limitsOf({ ...budget, cpuMs: leftMs }),
      },
      signal === undefined ? {} : { signal },
    );
    leftMs -= result.cpuMs;
    const answers = readAnswers(result.report);
    if (answers[0]?.kind === "load") break;
    for (const [i, answer] of answers.entries()) outcomes.push(outcomeOf(answer, left[i]));
    const hanging = left[answers.length];
    if (hanging !== undefined) outcomes.push(hanging.steps.map(() => null));
  }
  for (const { steps } of sessions.slice(outcomes.length)) outcomes.push(steps.map(() => null));
  return outcomes;
}

function limitsOf({ cpuMs, sessionCpuMs }: Budget): Limits {
  return { ...DEFAULT_LIMITS, cpuMs, callCpuMs: sessionCpuMs, wallMs: wallLimitMs(sessionCpuMs) };
}

function outcomeOf(
  answer: { readonly kind: string; readonly text: string },
  session: Session | undefined,
): SessionOutcome {
  const steps = session?.steps ?? [];
  if (answer.kind !== "value") return steps.map(() => null);
  const found = Outcomes.safeParse(parsed(answer.text));
  return steps.map((_, i) => found.data?.[i] ?? null);
}

/** The harness answers with JSON in a string; a program that meddles with it has no evidence. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(z.string().parse(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function programText(code: string, problem: Problem): string {
  return `${examplePrelude(problem)}${code}`;
}

/** A JSON string is a Python string, but for surrogates: a pair of them is two characters there. */
function pythonString(text: string): string {
  return `${JSON.stringify(text)}.encode("utf-16", "surrogatepass").decode("utf-16", "replace")`;
}

/** Attributes that every program for the problem can be expected to have: its starter code or an example names them. */
function namedAttributes({ starterCode }: Problem, sessions: readonly Session[]): string[] {
  const texts = [starterCode, ...sessions.flatMap(({ steps }) => steps.map(({ source }) => source))];
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?<=\w)\.([A-Za-z_]\w*)\b(?!\s*\()/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].toSorted();
}
