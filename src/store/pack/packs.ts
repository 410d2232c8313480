import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Entry } from "../entry.ts";
import { hasCode } from "../once.ts";
import { INDEX, PACK } from "./format.ts";
import { Pack } from "./read-pack.ts";

/** The packs of a store, as another process may add and remove them. */
export class Packs {
  readonly folder: string;
  #open: readonly Pack[] = [];
  #refreshing: Promise<void> | undefined;
  /** Raised whenever the packs are others than before. */
  generation = 0;

  constructor(root: string) {
    this.folder = join(root, "packs");
  }

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /** The largest first. */
  get open(): readonly Pack[] {
    return this.#open;
  }

  /** Those that are not part of another one: a compaction that was killed leaves both. */
  get apart(): readonly Pack[] {
    const replaced = new Set(this.#open.flatMap(({ replaces }) => replaces));
    return this.#open.filter(({ name }) => !replaced.has(name));
  }

  async get(key: string): Promise<Entry | undefined> {
    for (const pack of this.#open) {
      const entry = await pack.get(key);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Looks what packs there are now. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Takes packs away whose entries are in another one. */
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await rm(join(this.folder, `${name}${PACK}`), { force: true });
      await rm(join(this.folder, `${name}${INDEX}`), { force: true });
    }
    await this.refresh();
  }

  async close(): Promise<void> {
    await this.#refreshing;
    for (const pack of this.#open) await pack.retire();
    this.#open = [];
  }

  async #refresh(): Promise<void> {
    const files = await readdir(this.folder);
    const names = files.filter((file) => file.endsWith(PACK)).map((file) => file.slice(0, -PACK.length));
    const known = new Map(this.#open.map((pack) => [pack.name, pack]));
    const there = new Set(names);
    const gone = this.#open.filter(({ name }) => !there.has(name));
    const added = names.filter((name) => !known.has(name));
    if (gone.length === 0 && added.length === 0) return;
    const opened: Pack[] = [];
    for (const name of added) {
      try {
        opened.push(await Pack.open(this.folder, name));
      } catch (error) {
        // Merged into another one in the meantime, which the next look finds.
        if (!hasCode(error, "ENOENT", "ESTALE")) throw error;
      }
    }
    const kept = this.#open.filter((pack) => !gone.includes(pack));
    this.#open = [...kept, ...opened].toSorted((a, b) => b.count - a.count);
    this.generation += 1;
    for (const pack of gone) await pack.retire();
  }
}
