import { createHash } from "node:crypto";

/** One of `count` parts of a run; `index` from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The shard that a problem belongs to: the first 48 bits of sha256 of its id (UTF-8), as a number, modulo the number of
 * shards. It depends on nothing else, so a problem stays where it is when others come or go.
 */
export function shardOf(problemId: string, count: number): number {
  return createHash("sha256").update(problemId).digest().readUIntBE(0, 6) % count;
}

/** Whether a problem belongs to a shard; to the whole, which is no shard, every one does. */
export function belongsTo(shard: Shard | undefined, problemId: string): boolean {
  return shard === undefined || shardOf(problemId, shard.count) === shard.index;
}

/** As it is typed: `3/8`. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}
