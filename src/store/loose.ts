import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryName } from "../files/atomic-file.ts";
import { type Entry, entryText, readEntry } from "./entry.ts";
import { hasCode, publishOnce } from "./once.ts";

const FOLDER = "loose";
const TEMPORARY = "tmp";

/** Entries that are not packed yet, a file each, in 256 folders by the first two digits of their keys. */
export class LooseEntries {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folders. Errors: those of the file system. */
  async prepare(): Promise<void> {
    await mkdir(join(this.#root, TEMPORARY), { recursive: true });
    await mkdir(join(this.#root, FOLDER), { recursive: true });
  }

  /** Where unfinished files of this store lie. */
  get temporaryFolder(): string {
    return join(this.#root, TEMPORARY);
  }

  /** undefined where there is none, and for one that a damaged disk has changed, which is removed. */
  async get(key: string): Promise<Entry | undefined> {
    const path = this.#path(key);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT", "ESTALE")) return undefined;
      throw error;
    }
    const entry = readEntry(text, key);
    if (entry === undefined) await rm(path, { force: true });
    return entry;
  }

  /** Whether this entry was the first of its key. */
  async publish(entry: Entry): Promise<boolean> {
    const path = this.#path(entry.key);
    const text = entryText(entry);
    const once = (): Promise<boolean> =>
      publishOnce(temporaryName(join(this.temporaryFolder, entry.key)), path, text);
    try {
      return await once();
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
      await mkdir(join(path, ".."), { recursive: true });
      await mkdir(this.temporaryFolder, { recursive: true });
      return once();
    }
  }

  /** Takes an entry away, after it was packed. */
  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  /** All keys, ascending; those of one folder in memory at a time. */
  async *keys(): AsyncGenerator<string> {
    for (const folder of (await readdir(join(this.#root, FOLDER))).toSorted()) {
      const names = await readdir(join(this.#root, FOLDER, folder)).catch(() => []);
      for (const name of names.toSorted()) if (/^[0-9a-f]{64}$/.test(name)) yield name;
    }
  }

  #path(key: string): string {
    return join(this.#root, FOLDER, key.slice(0, 2), key);
  }
}
