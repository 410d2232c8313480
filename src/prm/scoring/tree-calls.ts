import type { TokenTree } from "../tokens/token-tree.ts";

/** One call of the model over consecutive tokens of a tree. */
export interface TreeCall {
  /** The tokens' places: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** Ancestors of the first token; their cache rows, the root's first, go into the call. */
  readonly past: number;
  /** For every cached token, then every new one: the new tokens before this index, counted in the call, see it. */
  readonly visibleUntil: Int32Array;
  /** New tokens that are ancestors of the next call's first token: their rows go into the cache at their depth. */
  readonly kept: readonly { readonly place: number; readonly depth: number }[];
}

/**
 * Cuts a tree's depth-first order into calls of nearly equal size, at most `maxTokens` each. Whatever of earlier
 * calls a call's tokens can see are the ancestors of its first token. So one branch is all that is ever cached, and
 * memory does not grow with the number of programs; no token is computed twice and none is padding.
 */
export function* planCalls(tree: TokenTree, maxTokens: number): Generator<TreeCall> {
  const { ids, depths, ends, height } = tree;
  const total = ids.length;
  const size = Math.ceil(total / Math.ceil(total / maxTokens));
  /** Places of the current branch, by depth. */
  const path = new Int32Array(height);
  for (let start = 0; start < total; start += size) {
    const end = Math.min(start + size, total);
    const past = depths[start] ?? 0;
    const visibleUntil = new Int32Array(past + end - start);
    const seenUntil = (place: number): number => Math.min(ends[place] ?? 0, end) - start;
    for (let depth = 0; depth < past; depth++) visibleUntil[depth] = seenUntil(path[depth] ?? 0);
    for (let place = start; place < end; place++) {
      visibleUntil[past + place - start] = seenUntil(place);
      path[depths[place] ?? 0] = place;
    }
    const kept: { place: number; depth: number }[] = [];
    for (let depth = 0; depth < (depths[end] ?? 0); depth++) {
      const place = path[depth] ?? 0;
      if (place >= start) kept.push({ place, depth });
    }
    yield { start, end, past, visibleUntil, kept };
  }
}
