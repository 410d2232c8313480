import { readFileSync } from "node:fs";
import { z } from "zod";
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

const Told = z.object({ passed: z.boolean(), code: z.number(), output: z.string() });

/**
 * Runs the tests on a program that lies at its path among the project's files. undefined where the sandbox failed.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
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
  const told = Told.safeParse(jsonOf(result.stdout));
  if (told.success) return { passed: told.data.passed, output: told.data.output };
  return { passed: false, output: result.stderr };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
