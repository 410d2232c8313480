import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { readOwnFile } from "../../files/small-file.ts";

const entrySchema = z.object({ lines: z.array(z.string()), cpuMs: z.number(), memoryKb: z.number() });

/** A reference program's answers: one line of literal JSON for every argument list, CPU time and peak memory of all together. */
export type ReferenceAnswers = z.infer<typeof entrySchema>;

/** Keeps what references answered, given a folder, on disk under the sha256 of program and arguments. */
export class ReferenceCache {
  readonly #folder: string | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** The answers under `parts`, computed where they are not known yet. An unreadable entry is computed again. */
  async get(parts: readonly string[], compute: () => Promise<ReferenceAnswers>): Promise<ReferenceAnswers> {
    if (this.#folder === undefined) return compute();
    const hash = createHash("sha256");
    for (const part of parts) hash.update(`${part.length}:${part}`);
    const path = join(this.#folder, `${hash.digest("hex")}.json`);
    const known = await readEntry(path);
    if (known !== undefined) return known;
    const answers = await compute();
    await keep(this.#folder, path, JSON.stringify(answers));
    return answers;
  }
}

/** A folder that takes nothing costs the next run its time, and is no reason to end this one. */
async function keep(folder: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomically(path, text);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

async function readEntry(path: string): Promise<ReferenceAnswers | undefined> {
  try {
    return entrySchema.parse(JSON.parse(await readOwnFile(path)));
  } catch {
    return undefined;
  }
}
