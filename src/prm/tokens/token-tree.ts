import { FunprmError } from "../../core/errors.ts";
import type { TokenSequence } from "./sequence.ts";

/**
 * The tokens of many sequences with every common beginning once: their trie, read depth-first. A token comes after
 * its ancestors and right before its descendants, which are contiguous. A token's place is its index in that order.
 */
export interface TokenTree {
  readonly ids: Int32Array;
  /** A token's position in its sequences: how many ancestors it has. */
  readonly depths: Int32Array;
  /** The place behind a token's last descendant. */
  readonly ends: Int32Array;
  /** For every sequence, the places at which its rewards are read: its marks, or its last token. */
  readonly readings: readonly (readonly number[])[];
  /** Tokens of the longest branch. */
  readonly height: number;
}

/**
 * Packs sequences for a model in which a token sees its ancestors only: one pass over the tree then gives every
 * reward that a pass per sequence gives. Statement and common code are there once, and closing text after a prefix
 * is a branch of its own. What follows a sequence's last reading is left out, since nothing depends on it.
 */
export function buildTokenTree(sequences: readonly TokenSequence[]): TokenTree {
  const branches = sequences.map(({ ids, marks }) => {
    const readings = marks ?? [ids.length - 1];
    return { ids: ids.subarray(0, Math.max(-1, ...readings) + 1), readings };
  });
  // In lexicographic order each sequence shares its longest common beginning with the one before it.
  const order = [...branches.keys()].sort((a, b) =>
    compare(branches[a]?.ids ?? NONE, branches[b]?.ids ?? NONE),
  );
  const most = branches.reduce((sum, { ids }) => sum + ids.length, 0);
  const height = branches.reduce((longest, { ids }) => Math.max(longest, ids.length), 0);
  const ids = new Int32Array(most);
  const depths = new Int32Array(most);
  const ends = new Int32Array(most);
  /** Places of the branch that was added last, by depth. */
  const path = new Int32Array(height);
  const readings: number[][] = [];
  let size = 0;
  let before: Int32Array = NONE;
  const close = (from: number, until: number): void => {
    for (let depth = from; depth < until; depth++) ends[path[depth] ?? 0] = size;
  };
  for (const index of order) {
    const branch = branches[index];
    if (branch === undefined) continue;
    const shared = sharedLength(before, branch.ids);
    close(shared, before.length);
    for (let depth = shared; depth < branch.ids.length; depth++) {
      ids[size] = branch.ids[depth] ?? 0;
      depths[size] = depth;
      path[depth] = size;
      size += 1;
    }
    readings[index] = branch.readings.map((position) => {
      if (position < 0) throw new FunprmError("model", NOTHING_TO_READ);
      return path[position] ?? 0;
    });
    before = branch.ids;
  }
  close(0, before.length);
  return {
    ids: ids.subarray(0, size),
    depths: depths.subarray(0, size),
    ends: ends.subarray(0, size),
    readings,
    height,
  };
}

const NONE = new Int32Array(0);

const NOTHING_TO_READ =
  'expected at least one token before a reward, got a prefix without any. Give "specialTokens.first" or ' +
  '"template.afterCode" in prm.json, so that an empty step can be scored.';

function compare(a: Int32Array, b: Int32Array): number {
  const shared = sharedLength(a, b);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}

function sharedLength(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}
