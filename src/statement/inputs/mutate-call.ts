import type { SeededRandom } from "../../core/seeded-random.ts";
import { constraintBounds, type Bounds } from "./constraints.ts";
import { alphabetOf, keepsInvariants, listInvariants, pickFrom } from "./invariants.ts";

/** What mutations of a problem's calls must respect. */
export interface CallShape {
  /** Argument lists of the examples. */
  readonly examples: readonly (readonly unknown[])[];
  /** Names of the parameters, for the statement's bounds; may be shorter than the arguments. */
  readonly names: readonly string[];
  readonly bounds: ReadonlyMap<string, Bounds>;
}

export function callShape(
  examples: readonly (readonly unknown[])[],
  names: readonly string[],
  statement: string,
): CallShape {
  return { examples, names, bounds: constraintBounds(statement) };
}

/**
 * One small change to an argument list: a number a little off, an element changed, dropped, doubled or moved, a letter
 * replaced. undefined when the attempt breaks a bound of the statement or anything that holds in all the examples
 * (order of sizes, equal lengths, sorted, distinct, permutations): the caller tries again. Better no mutation than an
 * input that the statement rules out, on which right programs may differ.
 */
export function mutateCall(
  args: readonly unknown[],
  shape: CallShape,
  random: SeededRandom,
): unknown[] | undefined {
  if (args.length === 0) return undefined;
  const at = random.below(args.length);
  const mutated = [...args];
  mutated[at] = mutateValue(args[at], shape.names[at] ?? "", shape, at, random);
  // Lists that are parallel in all examples change length together.
  const before = sizeOf(args[at]);
  const after = sizeOf(mutated[at]);
  if (before !== undefined && after !== undefined && before !== after) {
    const index = random.below(Math.max(1, before));
    mutated[at] = resized(args[at], after - before, index);
    args.forEach((arg, other) => {
      if (other !== at && parallel(shape, at, other)) mutated[other] = resized(arg, after - before, index);
    });
  }
  return isAllowed(mutated, shape) ? mutated : undefined;
}

function mutateValue(
  value: unknown,
  path: string,
  shape: CallShape,
  at: number,
  random: SeededRandom,
): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number")
    return nearbyNumber(value, shape.bounds.get(path), numbersAt(shape, at), random);
  if (typeof value === "string") return mutateWord(value, alphabetOf(wordsAt(shape, at)), random);
  if (!Array.isArray(value) || value.length === 0) return value;
  const index = random.below(value.length);
  const kind = random.below(6);
  if (kind === 0) return value.filter((_, i) => i !== index);
  if (kind === 1) return value.flatMap((item: unknown, i) => (i === index ? [item, item] : [item]));
  const copy: unknown[] = [...value];
  if (kind === 2) {
    const other = random.below(value.length);
    [copy[index], copy[other]] = [copy[other], copy[index]];
  } else if (kind === 3) {
    copy[index] = copy[random.below(value.length)];
  } else {
    copy[index] = mutateValue(value[index], `${path}[]`, shape, at, random);
  }
  return copy;
}

/** Near the value, at a small number, or at one that the examples use in this place; inside the bounds. */
function nearbyNumber(
  value: number,
  bounds: Bounds | undefined,
  seen: readonly number[],
  random: SeededRandom,
): number {
  const step = Number.isInteger(value) ? 1 + random.below(3) : 0.5;
  const choices = [value - step, value + step, random.below(10), pickFrom(seen, random) ?? value];
  const low = bounds?.low ?? Math.min(...seen, 1);
  const high = bounds?.high ?? Math.max(...seen, value + 3);
  return Math.min(Math.max(pickFrom(choices, random) ?? value, low), high);
}

/** One letter replaced, dropped, doubled, or two exchanged. */
function mutateWord(word: string, alphabet: readonly string[], random: SeededRandom): string {
  if (word === "") return word;
  const at = random.below(word.length);
  const letter = pickFrom(alphabet, random) ?? word.charAt(at);
  switch (random.below(4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + letter + word.slice(at);
    case 2: {
      const other = random.below(word.length);
      const letters = word.split("");
      [letters[at], letters[other]] = [letters[other] ?? "", letters[at] ?? ""];
      return letters.join("");
    }
    default:
      return word.slice(0, at) + letter + word.slice(at + 1);
  }
}

function isAllowed(args: readonly unknown[], shape: CallShape): boolean {
  const inBounds = args.every((arg, at) => valueInBounds(arg, shape.names[at] ?? "", shape.bounds));
  const keeps = args.every((arg, at) => {
    const lists = shape.examples.map((example) => example[at]).filter((value) => Array.isArray(value));
    return !Array.isArray(arg) || keepsNested(arg, lists);
  });
  return inBounds && keeps && keepsOrder(args, shape.examples);
}

function keepsNested(list: readonly unknown[], examples: readonly (readonly unknown[])[]): boolean {
  if (!keepsInvariants(list, listInvariants(examples))) return false;
  const inner = examples.flat().filter((value) => Array.isArray(value));
  if (examples.every((example) => sameLengths(example)) && !sameLengths(list)) return false;
  const rows = list.filter((value) => Array.isArray(value));
  if (rows.length === 0) return true;
  const distinct = examples.every((example) => rowsDiffer(example));
  return (!distinct || rowsDiffer(list)) && rows.every((row) => keepsNested(row, inner));
}

function rowsDiffer(rows: readonly unknown[]): boolean {
  return new Set(rows.map((row) => JSON.stringify(row))).size === rows.length;
}

/** Rows, or words, of one length; numbers have none. */
function sameLengths(rows: readonly unknown[]): boolean {
  return new Set(rows.map((row) => sizeOf(row))).size <= 1;
}

function valueInBounds(value: unknown, path: string, bounds: ReadonlyMap<string, Bounds>): boolean {
  if (typeof value === "number") return within(value, bounds.get(path));
  if (typeof value !== "string" && !Array.isArray(value)) return true;
  if (!within(value.length, bounds.get(`${path}.length`))) return false;
  return typeof value === "string" || value.every((item) => valueInBounds(item, `${path}[]`, bounds));
}

function within(value: number, bounds: Bounds | undefined): boolean {
  return value >= (bounds?.low ?? -Infinity) && value <= (bounds?.high ?? Infinity);
}

/**
 * Sizes are the integer arguments and the lengths of lists and strings, of first rows too. What is never greater in
 * any example stays so: `k <= len(nums)`, `n == len(edges) + 1`, equal lengths.
 */
function keepsOrder(args: readonly unknown[], examples: readonly (readonly unknown[])[]): boolean {
  const sizes = measures(args);
  const known = examples.map(measures);
  return sizes.every((a, i) =>
    sizes.every((b, j) => {
      if (i === j || a === undefined || b === undefined) return true;
      const differences = known.map((each) => (each[i] ?? Number.NaN) - (each[j] ?? Number.NaN));
      const [first] = differences;
      // Equal sizes are a rule, and so is a difference of one that several examples share.
      const small = first === 0 || (Math.abs(first ?? Number.NaN) === 1 && differences.length > 1);
      const fixed = small && differences.every((each) => each === first);
      return fixed ? a - b === first : !differences.every((each) => each <= 0) || a <= b;
    }),
  );
}

function measures(args: readonly unknown[]): (number | undefined)[] {
  return args.flatMap((arg) => {
    if (typeof arg === "number") return [arg, undefined];
    if (Array.isArray(arg)) return [arg.length, sizeOf(arg[0])];
    return [sizeOf(arg), undefined];
  });
}

function sizeOf(value: unknown): number | undefined {
  return typeof value === "string" || Array.isArray(value) ? value.length : undefined;
}

function parallel({ examples }: CallShape, a: number, b: number): boolean {
  return examples.every((args) => sizeOf(args[a]) !== undefined && sizeOf(args[a]) === sizeOf(args[b]));
}

/** The list or word one element shorter or longer (a copy of its neighbour) at an index. */
function resized(value: unknown, by: number, index: number): unknown {
  if (typeof value === "string")
    return (
      value.slice(0, index) + (by > 0 ? value.charAt(index) : "") + value.slice(by > 0 ? index : index + 1)
    );
  if (!Array.isArray(value)) return value;
  return value.flatMap((item: unknown, i) => (i === index ? (by > 0 ? [item, item] : []) : [item]));
}

function numbersAt({ examples }: CallShape, at: number): number[] {
  return examples.flatMap((args) => leaves(args[at])).filter((value) => typeof value === "number");
}

function wordsAt({ examples }: CallShape, at: number): string[] {
  return examples.flatMap((args) => leaves(args[at])).filter((value) => typeof value === "string");
}

function leaves(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(leaves) : [value];
}
