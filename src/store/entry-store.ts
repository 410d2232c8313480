import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { removeLeftovers, temporaryName } from "../files/atomic-file.ts";
import { unwritable } from "../files/write-refusal.ts";
import { compact, type Compacted } from "./compact.ts";
import { type Conflict, Conflicts } from "./conflicts.ts";
import { type Entry, saysTheSame } from "./entry.ts";
import { LooseEntries } from "./loose.ts";
import { hasCode, publishOnce } from "./once.ts";
import { Packs } from "./pack/packs.ts";

const FORMAT = "funprm-store-1";
/** Entries that this process publishes before it packs what is loose. */
const PUBLISHED_A_COMPACTION = 20_000;
/** Fewer are left loose when a process ends. */
const LEAST_COMPACTION = 2_000;

/** What became of an entry: it was the first of its key, or says what the first one says, or something else. */
export type Published = { readonly entry: Entry; readonly was: "first" | "same" | "conflict" };

export interface StoreOptions {
  /** The option that names another folder, for messages. */
  readonly flag?: string;
}

/**
 * Finished work by content, in a folder that any number of processes on any number of hosts share. The first entry of a
 * key counts for ever; a later one that says something else is recorded beside it. Nothing of it is held in memory. A
 * killed process leaves at most a temporary file behind.
 */
export class EntryStore {
  readonly folder: string;
  readonly #options: StoreOptions;
  readonly #loose: LooseEntries;
  readonly #packs: Packs;
  readonly #conflicts: Conflicts;
  #published = 0;
  #compacting: Promise<unknown> | undefined;
  /** Entries of this process that contradicted what was there. */
  contradicted = 0;

  private constructor(folder: string, options: StoreOptions) {
    this.folder = folder;
    this.#options = options;
    this.#loose = new LooseEntries(folder);
    this.#packs = new Packs(folder);
    this.#conflicts = new Conflicts(folder, this.#loose.temporaryFolder);
  }

  /** Opens or makes the folder. @throws FunprmError `input` when it cannot be written or is of another version */
  static async open(folder: string, options: StoreOptions = {}): Promise<EntryStore> {
    const store = new EntryStore(folder, options);
    await store.#guarded(async () => {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        if (hasCode(error, "EEXIST")) throw noFolder(folder, options);
        throw error;
      });
      await store.#loose.prepare();
      await store.#packs.prepare();
      await store.#conflicts.prepare();
      await store.#claim();
      await removeLeftovers(store.#loose.temporaryFolder);
      await store.#packs.refresh();
    });
    return store;
  }

  /** The entry of a key, or undefined. Entries may be asked for in any number at once. */
  get(key: string): Promise<Entry | undefined> {
    return this.#guarded(() => this.#get(key));
  }

  /**
   * Publishes an entry and gives the one that counts: the first.
   * @param same whether two entries agree; absent: equal values do
   */
  publish(entry: Entry, same: (a: Entry, b: Entry) => boolean = saysTheSame): Promise<Published> {
    return this.#guarded(async () => {
      const published = await this.#publish(entry, same);
      if (published.was === "first") {
        this.#published += 1;
        if (this.#published % PUBLISHED_A_COMPACTION === 0) await this.#compactInTurn();
      }
      return published;
    });
  }

  /** Packs what is loose and merges packs of a size, unless another process does; undefined then. */
  compact(): Promise<Compacted | undefined> {
    return this.#guarded(() =>
      compact({ folder: this.folder, loose: this.#loose, packs: this.#packs, conflicts: this.#conflicts }),
    );
  }

  /** How many entries there are. Loose ones are counted one by one. */
  async count(): Promise<{ readonly packed: number; readonly packs: number; readonly loose: number }> {
    return this.#guarded(async () => {
      await this.#packs.refresh();
      let loose = 0;
      for await (const _ of this.#loose.keys()) loose += 1;
      const { apart } = this.#packs;
      return { packed: apart.reduce((sum, { count }) => sum + count, 0), packs: apart.length, loose };
    });
  }

  /** Contradictions that anybody has recorded. */
  conflicts(): AsyncGenerator<Conflict> {
    return this.#conflicts.all();
  }

  /** Packs what this process has published, if it is much, and lets go of the files. */
  async close(): Promise<void> {
    await this.#compacting;
    try {
      if (this.#published % PUBLISHED_A_COMPACTION >= LEAST_COMPACTION) await this.compact();
    } finally {
      await this.#packs.close();
    }
  }

  async #get(key: string): Promise<Entry | undefined> {
    for (;;) {
      const { generation } = this.#packs;
      const packed = await this.#packs.get(key);
      if (packed !== undefined) return packed;
      const loose = await this.#loose.get(key);
      if (loose !== undefined) return loose;
      // It may have been packed, or its pack merged, in between.
      await this.#packs.refresh();
      if (this.#packs.generation === generation) return undefined;
    }
  }

  async #publish(entry: Entry, same: (a: Entry, b: Entry) => boolean): Promise<Published> {
    for (;;) {
      const earlier = await this.#get(entry.key);
      if (earlier !== undefined) return this.#beside(earlier, entry, same);
      if (!(await this.#loose.publish(entry))) continue;
      // The first one may have been packed and its file removed since it was looked for: what is packed is older.
      await this.#packs.refresh();
      const packed = await this.#packs.get(entry.key);
      if (packed === undefined) return { entry, was: "first" };
      await this.#loose.remove(entry.key);
      return this.#beside(packed, entry, same);
    }
  }

  async #beside(first: Entry, entry: Entry, same: (a: Entry, b: Entry) => boolean): Promise<Published> {
    if (same(first, entry)) return { entry: first, was: "same" };
    this.contradicted += 1;
    await this.#conflicts.record(first, entry);
    return { entry: first, was: "conflict" };
  }

  /** One compaction of this process at a time; the others that wanted one have it. */
  async #compactInTurn(): Promise<void> {
    this.#compacting ??= this.compact().finally(() => (this.#compacting = undefined));
    await this.#compacting;
  }

  async #claim(): Promise<void> {
    const path = join(this.folder, "store.json");
    const text = `${JSON.stringify({ format: FORMAT })}\n`;
    const there = await readFile(path, "utf8").catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (there === undefined) {
      const draft = temporaryName(join(this.#loose.temporaryFolder, "store.json"));
      if (!(await publishOnce(draft, path, text))) await this.#claim();
      return;
    }
    if (claimSchema.safeParse(parsed(there)).data?.format !== FORMAT) {
      throw new FunprmError(
        "input",
        `${path}: expected a store of the format ${FORMAT}, got ${there.slice(0, 80).trim()}; name another folder`,
      );
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { flag } = this.#options;
      throw unwritable(
        this.folder,
        error,
        flag === undefined ? "name another folder" : `name another folder with ${flag}`,
      );
    }
  }
}

function noFolder(folder: string, { flag }: StoreOptions): FunprmError {
  const another = flag === undefined ? "name another folder" : `name another folder with ${flag}`;
  return new FunprmError("input", `${folder}: expected a folder for a store, got a file; ${another}`);
}

const claimSchema = z.object({ format: z.string() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
