import type { SeededRandom } from "../../core/seeded-random.ts";
import { alphabetOf, type ListInvariants } from "./invariants.ts";

/**
 * What the values of a large input look like. Random ones are the average case; equal ones at the top of their range
 * and ones that ascend in steps of one from its bottom are the worst case of most programs that are slow or recurse.
 */
export type Shape = "random" | "top" | "ascending";

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Whole numbers of a range in a shape, with what holds for the examples' lists kept; undefined when they do not fit. */
export function largeNumbers(
  length: number,
  range: Range,
  invariants: ListInvariants,
  shape: Shape,
  random: SeededRandom,
): number[] | undefined {
  const { low, high } = range;
  const from = invariants.permutationFrom;
  if (from !== null) {
    const all = Array.from({ length }, (_, index) => index + from);
    return shape === "ascending" ? all : shape === "top" ? all.toReversed() : shuffled(all, random);
  }
  const width = high - low + 1;
  if (invariants.distinct && width < length) return undefined;
  const numbers = invariants.distinct
    ? distinctNumbers(length, range, shape, random)
    : Array.from({ length }, (_, index) =>
        shape === "random" ? low + random.below(width) : shape === "top" ? high : low + (index % width),
      );
  if (invariants.ascending) numbers.sort((a, b) => a - b);
  else if (invariants.descending) numbers.sort((a, b) => b - a);
  return numbers;
}

function distinctNumbers(length: number, { low, high }: Range, shape: Shape, random: SeededRandom): number[] {
  const width = high - low + 1;
  if (shape === "ascending") return Array.from({ length }, (_, index) => low + index);
  if (shape === "top") return Array.from({ length }, (_, index) => high - index);
  // Equal steps with a random start in each: distinct, spread over the whole range.
  const step = Math.floor(width / length);
  const spread = Array.from({ length }, (_, index) => low + index * step + random.below(step));
  return shuffled(spread, random);
}

/** A word of letters that the examples' words have: random, all the same, or two by turns. */
export function largeWord(
  length: number,
  seen: readonly string[],
  shape: Shape,
  random: SeededRandom,
): string | undefined {
  const letters = alphabetOf(seen);
  const [first] = letters;
  // A sign that every word has just once (`*` of a pattern, a start) would have to stay the only one.
  const single = letters.some(
    (letter) => /\W/.test(letter) && seen.every((word) => word.split(letter).length === 2),
  );
  if (first === undefined || single) return undefined;
  if (shape === "top") return (letters.at(-1) ?? first).repeat(length);
  if (shape === "ascending")
    return Array.from({ length }, (_, index) => letters[index % Math.min(2, letters.length)]).join("");
  return Array.from({ length }, () => letters[random.below(letters.length)]).join("");
}

/** The parent of node `child` (from 1, the first node is 0): a path, or random parents. */
export function parentOf(child: number, shape: Shape, random: SeededRandom): number {
  return shape === "random" ? random.below(child) : child - 1;
}

export function shuffled<T>(values: readonly T[], random: SeededRandom): T[] {
  const keyed = values.map((value) => ({ value, key: random.next() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ value }) => value);
}
