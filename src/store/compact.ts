import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import { removeLeftovers } from "../files/atomic-file.ts";
import { type Lock, lockFile } from "../files/lock.ts";
import type { Conflicts } from "./conflicts.ts";
import { entryText, readEntry, saysTheSame } from "./entry.ts";
import type { LooseEntries } from "./loose.ts";
import { INDEX, PACK } from "./pack/format.ts";
import type { Packs } from "./pack/packs.ts";
import type { Pack } from "./pack/read-pack.ts";
import { PackWriter } from "./pack/write-pack.ts";

/** So many packs of about one size become one: an entry is written again log4 of the store's size times in all. */
const PACKS_A_MERGE = 4;
const SMALLEST_SIZE = 1024;
/** A process that packs renews its lock so often; one on a machine that is gone is followed after two minutes. */
const BEAT_MS = 10_000;

export interface CompactedStore {
  readonly folder: string;
  readonly loose: LooseEntries;
  readonly packs: Packs;
  readonly conflicts: Conflicts;
}

export interface Compacted {
  /** Entries that were loose. */
  readonly packed: number;
  /** Packs that became part of another one. */
  readonly merged: number;
}

/**
 * Packs what is loose, then merges packs. One process at a time; readers and writers go on meanwhile. Whenever it is
 * killed, every entry is still there, and the next compaction cleans up.
 * @returns undefined where another process compacts
 */
export async function compact(store: CompactedStore): Promise<Compacted | undefined> {
  let lock: Lock;
  try {
    lock = await lockFile(join(store.folder, "compaction"), "compaction", "wait for it", BEAT_MS);
  } catch (error) {
    if (error instanceof FunprmError && error.code === "usage") return undefined;
    throw error;
  }
  try {
    await cleanUp(store);
    const packed = await packLoose(store);
    let merged = 0;
    // Whoever stood still for so long that another one packs now leaves the rest to it; what both have packed is the same.
    if (!(await lock.isHeld())) return { packed, merged };
    await sweepLoose(store);
    for (let group = mergeable(store.packs.open); group.length > 0; group = mergeable(store.packs.open)) {
      if (!(await lock.isHeld())) break;
      await merge(store, group);
      merged += group.length;
    }
    return { packed, merged };
  } finally {
    await lock.release();
  }
}

/** Ends what a killed compaction began: packs that are part of another one, indexes without a pack. */
async function cleanUp({ packs }: CompactedStore): Promise<void> {
  await removeLeftovers(packs.folder);
  await packs.refresh();
  await packs.remove(packs.open.flatMap(({ replaces }) => replaces));
  const files = new Set(await readdir(packs.folder));
  for (const file of files) {
    if (file.endsWith(INDEX) && !files.has(`${file.slice(0, -INDEX.length)}${PACK}`))
      await rm(join(packs.folder, file), { force: true });
  }
}

/** Copies loose entries that no pack has into a new one. */
async function packLoose({ loose, packs }: CompactedStore): Promise<number> {
  const writer = await PackWriter.open(packs.folder);
  try {
    for await (const key of loose.keys()) {
      if ((await packs.get(key)) !== undefined) continue;
      const entry = await loose.get(key);
      if (entry !== undefined) await writer.add(key, Buffer.from(entryText(entry)));
    }
    if (writer.count === 0) await writer.discard();
    else await writer.publish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  await packs.refresh();
  return writer.count;
}

/** Removes loose entries that are packed. What says something else than the packed one came later. */
async function sweepLoose({ loose, packs, conflicts }: CompactedStore): Promise<void> {
  for await (const key of loose.keys()) {
    const packed = await packs.get(key);
    if (packed === undefined) continue;
    const left = await loose.get(key);
    if (left !== undefined && !saysTheSame(packed, left)) await conflicts.record(packed, left);
    await loose.remove(key);
  }
}

/** The packs of the smallest size of which there are enough. */
function mergeable(packs: readonly Pack[]): readonly Pack[] {
  const bySize = new Map<number, Pack[]>();
  for (const pack of packs) {
    const size = Math.max(0, Math.floor(Math.log(pack.count / SMALLEST_SIZE) / Math.log(PACKS_A_MERGE)));
    bySize.set(size, [...(bySize.get(size) ?? []), pack]);
  }
  const sizes = [...bySize].toSorted(([a], [b]) => a - b);
  return sizes.find(([, group]) => group.length >= PACKS_A_MERGE)?.[1] ?? [];
}

/** One pack of several; of equal keys, which only a damaged store has, the largest pack's counts. */
async function merge({ packs, conflicts }: CompactedStore, group: readonly Pack[]): Promise<void> {
  const writer = await PackWriter.open(packs.folder);
  try {
    const heads = group.map((pack) => new Head(pack));
    for (const head of heads) await head.next();
    for (;;) {
      const least = heads.reduce<Head | undefined>(
        (best, head) =>
          head.key !== undefined && (best?.key === undefined || head.key < best.key) ? head : best,
        undefined,
      );
      const { key, line } = least ?? {};
      if (key === undefined || line === undefined) break;
      await writer.add(key, line);
      for (const head of heads) {
        if (head.key !== key) continue;
        if (head !== least) await compare(conflicts, key, line, head.line);
        await head.next();
      }
    }
    const names = group.map(({ name }) => name);
    await writer.publish(names);
    await packs.remove(names);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

async function compare(
  conflicts: Conflicts,
  key: string,
  line: Buffer,
  other: Buffer | undefined,
): Promise<void> {
  const first = readEntry(line.toString("utf8"), key);
  const second = other && readEntry(other.toString("utf8"), key);
  if (first !== undefined && second !== undefined && !saysTheSame(first, second))
    await conflicts.record(first, second);
}

/** The next entry of a pack that is read through. */
class Head {
  readonly #lines: AsyncGenerator<{ readonly key: string; readonly line: Buffer }>;
  key: string | undefined;
  line: Buffer | undefined;

  constructor(pack: Pack) {
    this.#lines = pack.lines();
  }

  async next(): Promise<void> {
    const { value, done } = await this.#lines.next();
    const next = done === true ? undefined : value;
    this.key = next?.key;
    this.line = next?.line;
  }
}
