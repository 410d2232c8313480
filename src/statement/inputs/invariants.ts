import type { SeededRandom } from "../../core/seeded-random.ts";

/** What holds for a list in every example, and must hold for mutations of it. */
export interface ListInvariants {
  readonly distinct: boolean;
  readonly ascending: boolean;
  readonly descending: boolean;
  /** 0 or 1 for the numbers 0..n-1 or 1..n in some order: only their order may change. null for other lists. */
  readonly permutationFrom: 0 | 1 | null;
  readonly minLength: number;
}

type Scalar = number | string | boolean | null;

/** The invariants that all the lists share. Lists of fewer than two elements prove nothing about order. */
export function listInvariants(lists: readonly (readonly unknown[])[]): ListInvariants {
  const scalars = lists.filter((list): list is readonly Scalar[] => list.every(isScalar));
  const telling = scalars.length === lists.length ? scalars.filter((list) => list.length > 1) : [];
  const all = (holds: (list: readonly Scalar[]) => boolean): boolean =>
    telling.length > 0 && telling.every(holds);
  return {
    distinct: all(isDistinct),
    ascending: all((list) => isSorted(list, 1)),
    descending: all((list) => isSorted(list, -1)),
    permutationFrom: all((list) => isPermutation(list, 1))
      ? 1
      : all((list) => isPermutation(list, 0))
        ? 0
        : null,
    minLength: Math.min(...lists.map((list) => list.length), 1),
  };
}

/** Whether a mutated list still keeps them. */
export function keepsInvariants(list: readonly unknown[], invariants: ListInvariants): boolean {
  if (list.length < invariants.minLength) return false;
  if (!list.every(isScalar)) return true;
  return (
    (!invariants.distinct || isDistinct(list)) &&
    (!invariants.ascending || isSorted(list, 1)) &&
    (!invariants.descending || isSorted(list, -1)) &&
    (invariants.permutationFrom === null || isPermutation(list, invariants.permutationFrom))
  );
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== "object";
}

function isDistinct(list: readonly Scalar[]): boolean {
  return new Set(list).size === list.length;
}

function isSorted(list: readonly Scalar[], direction: 1 | -1): boolean {
  return list.every((value, index) => {
    const before = list[index - 1];
    if (index === 0) return true;
    if (typeof value === "number" && typeof before === "number") return (value - before) * direction >= 0;
    if (typeof value === "string" && typeof before === "string")
      return direction === 1 ? before <= value : before >= value;
    return false;
  });
}

function isPermutation(list: readonly Scalar[], from: 0 | 1): boolean {
  const inRange = (value: Scalar): boolean =>
    typeof value === "number" && Number.isInteger(value) && value >= from && value < list.length + from;
  return isDistinct(list) && list.every(inRange);
}

/** The letters that mutations of these words may use: those seen, and their whole class when many were seen. */
export function alphabetOf(words: readonly string[]): readonly string[] {
  const seen = new Set(words.join(""));
  const few = seen.size <= 3;
  const classes: readonly (readonly [RegExp, string])[] = [
    [/[a-z]/, "abcdefghijklmnopqrstuvwxyz"],
    [/[A-Z]/, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
    [/[0-9]/, "0123456789"],
  ];
  // A whole class only when all that was seen is letters or digits: `#`, `.` and the like mean something.
  if (few || ![...seen].every((letter) => /[a-z0-9]/i.test(letter))) return [...seen];
  return classes.flatMap(([pattern, letters]) =>
    [...seen].some((letter) => pattern.test(letter)) ? letters.split("") : [],
  );
}

/** One of them; undefined from none. */
export function pickFrom<T>(values: readonly T[], random: SeededRandom): T | undefined {
  return values[random.below(values.length)];
}
