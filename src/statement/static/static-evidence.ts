import { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import { DEFAULT_LIMITS, type Sandbox } from "../../sandbox/sandbox.ts";
import { pythonPackage } from "../python-package.ts";
import { examplePrelude } from "../../grade/prelude.ts";
import { entryPointIn } from "../../grade/tests/call.ts";

/** What is wrong: each kind is one check of program_check/. */
const KINDS = [
  /** The interpreter does not compile it. */
  "syntax",
  /** A class or function that is asked for is not there. */
  "missing",
  /** It is there and takes another number of arguments. */
  "signature",
  /** It is there and has no body. */
  "stub",
  /** It is said to return something and never does. */
  "no-return",
  /** A name that nothing binds. */
  "undefined",
  /** An attribute that nothing sets: of `self`, of a loaded module or class. */
  "attribute",
  /** A call of one of its own functions with the wrong number of arguments. */
  "call",
  /** A module or a name of one that the interpreter lacks. */
  "import",
] as const;

const Finding = z.object({
  kind: z.enum(KINDS),
  /** `Class.method`, the innermost class or function it speaks of; "" for the module. */
  scope: z.string(),
  detail: z.string(),
  /** From 1; 0 where no line is to blame. */
  line: z.int(),
});
type Finding = z.infer<typeof Finding>;

/** What can be said of a program without running it. */
export interface StaticEvidence {
  readonly compiles: boolean;
  readonly findings: readonly Finding[];
}

export interface StaticEvidenceOptions {
  readonly sandbox: Sandbox;
  readonly signal?: AbortSignal;
}

const CHECK = `${pythonPackage(new URL("program_check/", import.meta.url), [
  "tree.py",
  "parts.py",
  "names.py",
  "attributes.py",
  "calls.py",
  "imports.py",
  "program.py",
])}program_check.main()
`;

/** A program and what it is to solve. */
export interface ProblemProgram {
  readonly problem: Problem;
  readonly code: string;
}

/**
 * Reads programs with the interpreter that would run them; none is executed. One run of the sandbox for all of them;
 * where that does not come to its end, one for each problem, then one for each program. One on which the parser dies
 * alone does not compile. undefined where the sandbox failed: that says nothing of the program.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function staticEvidenceOfAll(
  pairs: readonly ProblemProgram[],
  options: StaticEvidenceOptions,
): Promise<(StaticEvidence | undefined)[]> {
  const byProblem = new Map<Problem, Set<string>>();
  for (const { problem, code } of pairs)
    byProblem.set(problem, (byProblem.get(problem) ?? new Set()).add(code));
  const asked = [...byProblem].map(([problem, programs]) => ({ problem, programs: [...programs] }));
  const checked = asked.length === 0 ? [] : await checkParts(asked, options);
  const known = new Map(asked.map(({ problem }, i) => [problem, checked[i]]));
  return pairs.map(({ problem, code }) => known.get(problem)?.get(code));
}

/** The same for the programs of one problem. */
export function staticEvidence(
  problem: Problem,
  programs: readonly string[],
  options: StaticEvidenceOptions,
): Promise<(StaticEvidence | undefined)[]> {
  return staticEvidenceOfAll(
    programs.map((code) => ({ problem, code })),
    options,
  );
}

/** Programs of one problem, each different, at least one. */
interface Asked {
  readonly problem: Problem;
  readonly programs: readonly string[];
}

type Checked = ReadonlyMap<string, StaticEvidence | undefined>;

/** What is known of every program, by problem; in ever smaller parts where a run fails. */
async function checkParts(asked: readonly Asked[], options: StaticEvidenceOptions): Promise<Checked[]> {
  const together = await checkAll(asked, options);
  if (Array.isArray(together)) return together;
  const [first] = asked;
  if (asked.length > 1 || first === undefined)
    return (await Promise.all(asked.map((each) => checkParts([each], options)))).flat();
  const { problem, programs } = first;
  const [only = ""] = programs;
  if (programs.length === 1)
    return [new Map([[only, together === "fault" ? undefined : evidenceOf([DEATH])]])];
  const each = programs.map((code) => checkParts([{ problem, programs: [code] }], options));
  return [new Map((await Promise.all(each)).flat().flatMap((known) => [...known]))];
}

const DEATH: Finding = { kind: "syntax", scope: "", detail: "the parser ended its process", line: 0 };

function evidenceOf(findings: readonly Finding[]): StaticEvidence {
  return { compiles: findings.every(({ kind }) => kind !== "syntax"), findings };
}

/** `death`: the parser ended its process. `fault`: the run was ended by what no program that is only read can cause. */
async function checkAll(
  asked: readonly Asked[],
  { sandbox, signal }: StaticEvidenceOptions,
): Promise<Checked[] | "death" | "fault"> {
  const job = {
    kind: "script",
    code: CHECK,
    prelude: "",
    stdin: JSON.stringify(asked.map(requestOf)),
    limits: DEFAULT_LIMITS,
  } as const;
  const result = await sandbox.run(job, signal === undefined ? {} : { signal });
  if (result.status === "infra" || result.status === "timeout_wall") return "fault";
  if (result.status !== "exited" || result.exitCode !== 0) return "death";
  const found = z.array(z.array(z.array(Finding))).parse(JSON.parse(result.stdout));
  return asked.map(
    ({ programs }, i) => new Map(programs.map((code, k) => [code, evidenceOf(found[i]?.[k] ?? [])])),
  );
}

function requestOf({ problem, programs }: Asked): object {
  const { entryPoint, starterCode } = problem;
  return {
    programs: programs.map((code) => ({
      code,
      entryPoint: entryPoint === undefined ? null : entryPointIn(code, entryPoint),
    })),
    starter: starterCode,
    entryPoint: entryPoint ?? null,
    prelude: examplePrelude(problem),
  };
}
