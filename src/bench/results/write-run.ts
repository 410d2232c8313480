import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AtomicFile, writeFileAtomically } from "../../files/atomic-file.ts";
import type { Assembled } from "./assemble.ts";
import { unwritable } from "../../files/write-refusal.ts";

/** Names of what a finished bench leaves in its folder, for `funprm report` and for scripts. */
export const RESULTS_NAME = "results.json";
export const PROBLEMS_NAME = "problems.jsonl";

/**
 * Writes tables and pages; each file appears whole, `results.json` last.
 *
 * @throws FunprmError `input` when the folder cannot be written
 */
export async function writeRun(folder: string, run: Assembled): Promise<void> {
  try {
    await writeFiles(folder, run);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

async function writeFiles(folder: string, { data, problems }: Assembled): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await AtomicFile.open(join(folder, PROBLEMS_NAME));
  try {
    for (const problem of problems()) await file.handle.appendFile(`${JSON.stringify(problem)}\n`);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
  await writeFileAtomically(join(folder, RESULTS_NAME), `${JSON.stringify(data, null, 1)}\n`);
}
