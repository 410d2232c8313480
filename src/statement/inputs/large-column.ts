import type { SeededRandom } from "../../core/seeded-random.ts";
import { plainMathematics, evaluate, type Environment } from "./bound-expression.ts";
import { listInvariants } from "./invariants.ts";
import { largeNumbers, parentOf, shuffled, type Range, type Shape } from "./large-values.ts";
import type { SizeBounds } from "./size-bounds.ts";

/** Lists grow to this many values, or to what the statement allows: far beyond what quadratic time can do. */
export const LARGEST_LIST = 100_000;
/** Sides of grids: as many values as a list. */
export const LARGEST_SIDE = 316;

/** What all generators of one input share. */
export interface Growth {
  readonly statement: string;
  readonly bounds: SizeBounds;
  /** Values of the names so far; grows while the input is made. */
  readonly environment: Map<string, number>;
  readonly shape: Shape;
  readonly random: SeededRandom;
}

/** The range of a name's values: the statement's bounds, completed by what the examples show. */
export function rangeOf(name: string, seen: readonly number[], growth: Growth): Range | undefined {
  const own = growth.bounds.of(name, growth.environment);
  // Sentences name the values of a row without an index.
  const { low, high } =
    own.high === undefined ? growth.bounds.of(name.replace(/\[\]$/, ""), growth.environment) : own;
  const least = low ?? Math.min(...seen);
  const most = high ?? Math.max(...seen);
  return Number.isFinite(least) && Number.isFinite(most) && least <= most && most < 1e20
    ? { low: least, high: most }
    : undefined;
}

/** A number that is no size: at the top of its range, in its middle, or anywhere. */
export function scalarIn({ low, high }: Range, { shape, random }: Growth): number {
  if (shape === "top") return high;
  return shape === "ascending" ? low + Math.floor((high - low) / 2) : low + random.below(high - low + 1);
}

/** A list's values; `lists` are the examples' lists. */
export function largeColumn(
  name: string,
  lists: readonly (readonly number[])[],
  length: number,
  growth: Growth,
  told?: Range,
): number[] | undefined {
  const range = told ?? rangeOf(name, lists.flat(), growth);
  return range && largeNumbers(length, range, listInvariants(lists), growth.shape, growth.random);
}

/**
 * Rows of a few numbers each. Two columns of nodes make a tree where the statement speaks of one, and hang together
 * where it says so; pairs that are in order or differ in the statement or the examples do so here.
 */
export function largeRows(
  names: readonly string[],
  tables: readonly (readonly (readonly number[])[])[],
  count: number,
  growth: Growth,
): number[][] | undefined {
  const { bounds, environment, statement, shape, random } = growth;
  const ranges = names.map((name, column) =>
    rangeOf(
      name,
      tables.flat().map((row) => row[column] ?? Number.NaN),
      growth,
    ),
  );
  const usable = ranges.filter((range) => range !== undefined);
  if (usable.length < names.length) return undefined;
  const columns = names.map((_, column) => {
    const values = tables.map((table) => table.map((row) => row[column] ?? 0));
    const range = usable[column] ?? { low: 0, high: 0 };
    const found = listInvariants(values);
    // Columns may repeat values unless they number something.
    const kept = {
      ...found,
      distinct: found.distinct && range.high - range.low + 1 >= count,
      descending: false,
    };
    return (
      largeNumbers(count, range, { ...kept, permutationFrom: null, distinct: false }, shape, random) ?? []
    );
  });
  const rows = Array.from({ length: count }, (_, row) => columns.map((column) => column[row] ?? 0));
  const [first, second] = usable;
  if (first === undefined || second === undefined) return rows;
  const [firstName = "", secondName = ""] = names;
  const examples = tables.flat();
  const nodes = environment.get("N") ?? environment.get("n");
  const lowest = Math.min(first.low, second.low);
  const isGraph =
    nodes !== undefined &&
    Math.max(first.high, second.high) - lowest + 1 === nodes &&
    /\b(?:tree|connected)\b/i.test(statement);
  const inOrder = bounds.ordered(firstName, secondName) || examples.every(([a = 0, b = 0]) => a <= b);
  const differ = examples.length > 1 && examples.every(([a, b]) => a !== b) && first.high > first.low;
  rows.forEach((row, at) => {
    if (isGraph && at < nodes - 1) {
      row[0] = parentOf(at + 1, shape, random) + lowest;
      row[1] = at + 1 + lowest;
    }
    if (differ && row[0] === row[1]) row[0] = (row[0] ?? 0) > first.low ? (row[0] ?? 0) - 1 : first.high;
    const [a = 0, b = 0] = row;
    if (inOrder && a > b) [row[0], row[1]] = [b, a];
  });
  return shape === "random" && !isGraph ? shuffled(rows, random) : rows;
}

/** The length of a word: `|S| <= 100`, `a string of length N`, `between 1 and 1000`, `n characters`. */
export function wordLength(name: string, { statement, bounds, environment }: Growth): number | undefined {
  const direct = bounds.of(`${name}.length`, environment).high;
  if (direct !== undefined) return direct;
  const text = plainMathematics(statement);
  const patterns = [
    /length\s+(?:between|from)\s+[^,.\n]{1,20}?\s+(?:and|to)\s+([^,.\n)]+)/,
    /length(?:\s+is)?\s+(?:at least\s+[^,.\n]{1,20}?\s+and\s+)?at most\s+([^,.\n)]+)/,
    /length(?:\s+exactly)?\s+([A-Za-z]|\d+)\b/,
    /strings? of \d+ to (\d+) /,
    /\bof (\w+) (?:characters|letters)\b/,
  ];
  for (const pattern of patterns) {
    const bound = pattern.exec(text)?.[1]?.trim();
    const length = bound && (evaluate(bound, environment) ?? bounds.of(bound, environment).high);
    if (length !== undefined && length !== "") return length;
  }
  return undefined;
}

/** The value of a size expression; undefined too for sizes that no input here may have. */
export function sizeOf(expression: string, environment: Environment): number | undefined {
  const size = evaluate(expression, environment);
  const isSize = size !== undefined && Number.isInteger(size) && size >= 0 && size <= 2 * LARGEST_LIST;
  return isSize ? size : undefined;
}
