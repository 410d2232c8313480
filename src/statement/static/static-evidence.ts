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

/**
 * Reads the programs of one problem with the interpreter that would run them; none is executed. One run of the sandbox
 * for all of them; a program on which the parser dies is read again alone, and one that it dies on there does not
 * compile. undefined where the sandbox failed: that says nothing of the program.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function staticEvidence(
  problem: Problem,
  programs: readonly string[],
  options: StaticEvidenceOptions,
): Promise<(StaticEvidence | undefined)[]> {
  const different = [...new Set(programs)];
  const together = different.length === 0 ? [] : await checkAll(problem, different, options);
  const each = Array.isArray(together)
    ? together
    : await Promise.all(different.map((code) => checkAlone(problem, code, options)));
  const known = new Map(different.map((code, i) => [code, each[i]]));
  return programs.map((code) => {
    const findings = known.get(code);
    return findings && evidenceOf(findings);
  });
}

async function checkAlone(
  problem: Problem,
  code: string,
  options: StaticEvidenceOptions,
): Promise<Finding[] | undefined> {
  const checked = await checkAll(problem, [code], options);
  if (checked === "fault") return undefined;
  return checked === "death" ? [DEATH] : checked[0];
}

const DEATH: Finding = { kind: "syntax", scope: "", detail: "the parser ended its process", line: 0 };

function evidenceOf(findings: readonly Finding[]): StaticEvidence {
  return { compiles: findings.every(({ kind }) => kind !== "syntax"), findings };
}

/** `death`: the parser ended its process. `fault`: the run was ended by what no program that is only read can cause. */
async function checkAll(
  problem: Problem,
  programs: readonly string[],
  { sandbox, signal }: StaticEvidenceOptions,
): Promise<Finding[][] | "death" | "fault"> {
  const { entryPoint } = problem;
  const request = {
    programs: programs.map((code) => ({
      code,
      entryPoint: entryPoint === undefined ? null : entryPointIn(code, entryPoint),
    })),
    starter: problem.starterCode,
    entryPoint: entryPoint ?? null,
    prelude: examplePrelude(problem),
  };
  const job = {
    kind: "script",
    code: CHECK,
    prelude: "",
    stdin: JSON.stringify(request),
    limits: DEFAULT_LIMITS,
  } as const;
  const result = await sandbox.run(job, signal === undefined ? {} : { signal });
  if (result.status === "infra" || result.status === "timeout_wall") return "fault";
  if (result.status !== "exited" || result.exitCode !== 0) return "death";
  return z.array(z.array(Finding)).parse(JSON.parse(result.stdout));
}
