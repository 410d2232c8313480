import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { KeyedRows } from "../files/keyed-rows.ts";
import { GRADING_VERSION } from "../grade/grading-version.ts";

/**
 * Which programs passed, by `verdictKey`, so that a killed run grades nothing twice and a larger K grades only what
 * is new. A verdict is found by problem, tests and what they call, limits, sandbox, interpreter, program and version of
 * grading. What could not be judged is not kept.
 */
export type VerdictStore = KeyedRows<boolean>;

/** Errors: FunprmError `input` when the folder cannot be written, `usage` while another process works there. */
export async function openVerdicts(directory: string): Promise<VerdictStore> {
  const path = join(directory, "verdicts.jsonl");
  const flag = "--verdicts";
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError("input", `cannot write ${path}: ${why}; name another folder with ${flag}`, {
      cause,
    });
  }
  return KeyedRows.open(path, (value) => (typeof value === "boolean" ? value : undefined), {
    field: "passed",
    flag,
    lock: { work: "collect", otherwise: `name another folder with ${flag}` },
  });
}

/** What, besides the program, decides its verdict: sha256, hex. */
export function testsKey(problem: Problem, limits: object): string {
  const { id, hiddenTests, exampleTests, preamble, entryPoint, starterCode } = problem;
  const decisive = { id, hiddenTests, exampleTests, preamble, entryPoint, starterCode };
  return createHash("sha256")
    .update(JSON.stringify({ ...decisive, limits, grading: GRADING_VERSION }))
    .digest("hex");
}

export function verdictKey(tests: string, code: string): string {
  return createHash("sha256").update(`${tests} ${code}`).digest("hex");
}
