import { createHash } from "node:crypto";
import { mkdir, open, readFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { GRADING_VERSION } from "../grade/grading-version.ts";

/**
 * Keeps which programs passed, a line each, so that a killed run grades nothing twice and a larger K grades only what
 * is new. A verdict is found by problem, tests and what they call, limits, sandbox, interpreter, program and version of
 * grading. What could not be judged is not kept.
 */
export class VerdictStore {
  readonly #handle: FileHandle;
  readonly #passed: Map<string, boolean>;

  private constructor(handle: FileHandle, passed: Map<string, boolean>) {
    this.#handle = handle;
    this.#passed = passed;
  }

  /** Errors: FunprmError `input` when the folder cannot be written. */
  static async open(directory: string): Promise<VerdictStore> {
    const path = join(directory, "verdicts.jsonl");
    try {
      await mkdir(directory, { recursive: true });
      const handle = await open(path, "a");
      const text = await readFile(path, "utf8");
      // A kill may have cut the last line; the next one must not continue it.
      if (text !== "" && !text.endsWith("\n")) await handle.appendFile("\n");
      return new VerdictStore(handle, readVerdicts(text));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FunprmError("input", `cannot write ${path}: ${why}; name another folder with --verdicts`, {
        cause,
      });
    }
  }

  get size(): number {
    return this.#passed.size;
  }

  /** undefined when the program is not graded yet. */
  get(key: string): boolean | undefined {
    return this.#passed.get(key);
  }

  async add(key: string, passed: boolean): Promise<void> {
    if (this.#passed.has(key)) return;
    this.#passed.set(key, passed);
    await this.#handle.appendFile(`${JSON.stringify({ key, passed })}\n`);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function readVerdicts(text: string): Map<string, boolean> {
  const line = /^\{"key":"([0-9a-f]{64})","passed":(true|false)\}$/gm;
  return new Map([...text.matchAll(line)].map(([, key = "", passed]) => [key, passed === "true"]));
}

/** What, beside the program, decides its verdict: sha256, hex. */
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
