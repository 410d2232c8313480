import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { temporaryName } from "../files/atomic-file.ts";
import { type Entry, entryText } from "./entry.ts";
import { hasCode, publishOnce } from "./once.ts";

/** Two entries of a key that do not say the same: the first one counts. */
export interface Conflict {
  readonly key: string;
  readonly kind: string;
  readonly first: unknown;
  readonly second: unknown;
}

const recordSchema = z.object({ key: z.string(), kind: z.string(), first: z.json(), second: z.json() });

/** What contradicts an entry of the store, a file for every different contradiction. */
export class Conflicts {
  readonly #folder: string;
  readonly #temporaryFolder: string;

  constructor(root: string, temporaryFolder: string) {
    this.#folder = join(root, "conflicts");
    this.#temporaryFolder = temporaryFolder;
  }

  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
  }

  /** Writes down that `second` contradicts `first`; the same contradiction is written once. */
  async record(first: Entry, second: Entry): Promise<void> {
    const { key, kind } = first;
    const said = (entry: Entry) => ({ value: entry.value, measured: entry.measured ?? null });
    const text = `${JSON.stringify({ key, kind, first: said(first), second: said(second) })}\n`;
    const { measured: _, ...steady } = second;
    const digest = createHash("sha256").update(entryText(steady)).digest("hex").slice(0, 16);
    const name = `${key}-${digest}`;
    await publishOnce(temporaryName(join(this.#temporaryFolder, name)), join(this.#folder, name), text);
  }

  /** All of them, by key. */
  async *all(): AsyncGenerator<Conflict> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    });
    for (const name of names.toSorted()) {
      const text = await readFile(join(this.#folder, name), "utf8");
      yield recordSchema.parse(JSON.parse(text));
    }
  }
}
