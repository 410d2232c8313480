import { jsonOrUndefined } from "../core/json.ts";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { DEFAULT_LIMITS, type Limits, type Sandbox, wallLimitMs } from "../sandbox/sandbox.ts";
import type { OwnTests } from "./project.ts";

/** What a user's tests made of a program. */
export interface OwnTestsResult {
  readonly passed: boolean;
  /** The end of what they wrote, or why they came to no end. */
  readonly output: string;
}

/** Test runners take a second to start; what takes a minute of computing hangs. */
const CPU_MS = 60_000;
const LIMITS: Limits = { ...DEFAULT_LIMITS, cpuMs: CPU_MS, wallMs: wallLimitMs(CPU_MS) };
const DRIVER = readFileSync(new URL("driver.py", import.meta.url), "utf8");

const Told = z.union([
  z.object({ passed: z.boolean(), output: z.string() }),
  z.object({ cannot_run: z.string() }),
]);

/**
 * Runs the tests on a program that lies at its path among the project's files. undefined where the sandbox failed.
 *
 * @throws FunprmError `usage` for a command that cannot be run, `interrupted` when the signal aborts, `grading` when the
 * sandbox is closed
 */
export async function runOwnTests(
  code: string,
  { files, run, candidatePath }: OwnTests,
  { sandbox, signal }: { readonly sandbox: Sandbox; readonly signal?: AbortSignal },
): Promise<OwnTestsResult | undefined> {
  const others = files.filter(([path]) => path !== candidatePath);
  const laid = [...others, [candidatePath, Buffer.from(code).toString("base64")]];
  const result = await sandbox.run(
    {
      kind: "script",
      code: DRIVER,
      prelude: "",
      stdin: JSON.stringify({ files: laid, ...run }),
      limits: LIMITS,
    },
    signal === undefined ? {} : { signal },
  );
  if (result.status === "infra") return undefined;
  if (result.status !== "exited") return { passed: false, output: `the tests were ended: ${result.status}` };
  const told = Told.safeParse(jsonOrUndefined(result.stdout));
  if (told.success) {
    if ("passed" in told.data) return told.data;
    throw new FunprmError(
      "usage",
      `--test: expected a command that can be run in the sandbox, got ${JSON.stringify(named(run))}: ${told.data.cannot_run}. ` +
        "It finds what the interpreter of --python and the system's folders have; a Python tool can be run as python -m TOOL",
    );
  }
  return { passed: false, output: result.stderr };
}

function named(run: OwnTests["run"]): string {
  return "command" in run ? run.command : run.file;
}
