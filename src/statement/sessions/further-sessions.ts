import { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import { DEFAULT_LIMITS } from "../../sandbox/sandbox.ts";
import { pythonPackage } from "../python-package.ts";
import type { MethodOutline } from "./class-outline.ts";
import { fixedFunctions } from "./fixed-functions.ts";
import type { SessionRunOptions } from "./run-sessions.ts";
import type { Session } from "./session.ts";
import { importLines } from "./usual-imports.ts";

/** Sessions a method: most programs that differ do so within a few. */
const EACH = 24;

const GENERATOR = `${pythonPackage(new URL("session_inputs/", import.meta.url), [
  "mutate.py",
  "generate.py",
  "fixtures.py",
  "library.py",
  "main.py",
])}session_inputs.main()\n`;

const Sessions = z.array(
  z.object({
    method: z.string(),
    steps: z.array(z.object({ source: z.string(), method: z.string().exactOptional() })),
  }),
);

/**
 * Sessions made from the docstrings' own: literals changed by type, calls of other methods in between, typical values for
 * methods that no docstring calls. Nobody knows what is right on them; programs are compared with each other. Python's own
 * parser makes them, in the sandbox: one run a problem. None where that run fails.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function furtherSessions(
  problem: Pick<Problem, "starterCode" | "kind" | "entryPoint">,
  sessions: readonly Session[],
  { sandbox, signal }: SessionRunOptions,
): Promise<Session[]> {
  const { outlines: methods, library } = fixedFunctions(problem);
  if (methods.length === 0) return [];
  const request = {
    sessions: sessions.map(({ method, steps }) => ({ method, steps: steps.map(({ source }) => source) })),
    methods: methods.map((method) => ({ ...method, types: parameterTypes(method) })),
    each: EACH,
    library,
    imports: importLines(problem.starterCode),
  };
  const result = await sandbox.run(
    {
      kind: "script",
      code: GENERATOR,
      prelude: "",
      stdin: JSON.stringify(request),
      limits: DEFAULT_LIMITS,
    },
    signal === undefined ? {} : { signal },
  );
  if (result.status !== "exited" || result.exitCode !== 0) return [];
  return Sessions.parse(JSON.parse(result.stdout));
}

/** `int` for `:param n: int, the count`, `n: int` or `- n (int): the count`; "" where none says. */
function parameterTypes({ text, required }: MethodOutline): string[] {
  return required.map((name) => {
    const said =
      new RegExp(`:param ${name}\\s*:\\s*([A-Za-z]+)`, "i").exec(text)?.[1] ??
      new RegExp(`\\b${name}\\s*:\\s*([A-Za-z]+)`).exec(text)?.[1] ??
      new RegExp(`\\b${name}\\s*\\((?:pd\\.|pandas\\.|np\\.|numpy\\.)?([A-Za-z]+)`).exec(text)?.[1] ??
      new RegExp(`:param ${name}\\s*:[^\n]*,\\s*([A-Za-z]+)\\.?\\s*$`, "im").exec(text)?.[1];
    return SAME[said?.toLowerCase() ?? ""] ?? said?.toLowerCase() ?? "";
  });
}

const SAME: Readonly<Record<string, string>> = {
  string: "str",
  integer: "int",
  number: "int",
  boolean: "bool",
};
