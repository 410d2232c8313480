import type { Problem, TestCase } from "../core/problem.ts";
import { seededRandom, type SeededRandom } from "../core/seeded-random.ts";
import { constraintBounds, type Bounds } from "./constraints.ts";
import { keepsInvariants, listInvariants, type ListInvariants } from "./invariants.ts";
import type { ProbeInput } from "./probe-inputs.ts";
import { entrySignature } from "./signature.ts";

/** Lists and words grow to this length, or to what the statement allows: enough to tell n from n squared. */
const LENGTH = 20_000;

/**
 * Inputs as large as the statement allows (up to LENGTH), made from the examples: on small ones a program that is too
 * slow looks like a right one. Only the simplest shapes, where nothing but the length changes: a list or word among
 * the arguments; one word; `n` and a row of n numbers. At most one input; none where the statement gives no bound.
 */
export function largeInputs(problem: Problem, examples: readonly TestCase[], seed = 0): ProbeInput[] {
  const bounds = constraintBounds(problem.statement);
  const random = seededRandom(seed);
  const calls = examples.flatMap((test) => (test.type === "call" ? [test.args] : []));
  const inputs = examples.flatMap((test) => (test.type === "stdio" ? [test.input] : []));
  if (calls.length > 0) {
    const names = entrySignature(problem)?.parameters.map(({ name }) => name) ?? [];
    const args = largeCall(calls, names, bounds, random);
    return args === undefined ? [] : [{ type: "call", args }];
  }
  const input = largeStdin(inputs, problem.statement, bounds, random);
  return input === undefined ? [] : [{ type: "stdio", input }];
}

function largeCall(
  examples: readonly (readonly unknown[])[],
  names: readonly string[],
  bounds: ReadonlyMap<string, Bounds>,
  random: SeededRandom,
): unknown[] | undefined {
  const [base] = examples;
  // One growing argument: several might have to fit each other.
  const growing =
    base?.flatMap((arg, at) => (typeof arg === "string" || Array.isArray(arg) ? [at] : [])) ?? [];
  const [at] = growing;
  if (base === undefined || at === undefined || growing.length > 1) return undefined;
  const high = bounds.get(`${names[at] ?? ""}.length`)?.high;
  const columns = examples.map((args) => args[at]);
  const grown = high === undefined ? undefined : growColumn(columns, Math.min(high, LENGTH), random);
  return grown === undefined ? undefined : base.with(at, grown);
}

function growColumn(columns: readonly unknown[], length: number, random: SeededRandom): unknown {
  const words = columns.filter((value) => typeof value === "string");
  if (words.length === columns.length) {
    return grow(
      words.map((word) => word.split("")),
      length,
      random,
    )?.join("");
  }
  const lists: (readonly unknown[])[] = columns.filter((value) => Array.isArray(value));
  return lists.length === columns.length && lists.flat().every((value) => typeof value !== "object")
    ? grow(lists, length, random)
    : undefined;
}

/** Elements of the examples' lists in random order, as many as wanted, with the lists' invariants kept. */
function grow(
  lists: readonly (readonly unknown[])[],
  length: number,
  random: SeededRandom,
): unknown[] | undefined {
  const invariants: ListInvariants = listInvariants(lists);
  const elements = lists.flat();
  if (elements.length === 0) return undefined;
  const from = invariants.permutationFrom;
  if (from !== null)
    return shuffled(
      Array.from({ length }, (_, index) => index + from),
      random,
    );
  if (invariants.distinct) return undefined;
  const grown = Array.from({ length }, () => elements[random.below(elements.length)]);
  if (grown.every((value) => typeof value === "number")) {
    if (invariants.ascending) grown.sort((a, b) => a - b);
    else if (invariants.descending) grown.sort((a, b) => b - a);
  }
  return keepsInvariants(grown, invariants) ? grown : undefined;
}

function shuffled<T>(values: readonly T[], random: SeededRandom): T[] {
  const keyed = values.map((value) => ({ value, key: random.next() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ value }) => value);
}

function largeStdin(
  inputs: readonly string[],
  statement: string,
  bounds: ReadonlyMap<string, Bounds>,
  random: SeededRandom,
): string | undefined {
  const rows = inputs.map((input) =>
    input
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")),
  );
  if (rows.every((each) => each.length === 1 && each[0]?.length === 1 && !/^-?\d+$/.test(each[0][0] ?? ""))) {
    const high = lengthBound(statement);
    const words = rows.map((each) => (each[0]?.[0] ?? "").split(""));
    const grown = high === undefined ? undefined : grow(words, Math.min(high, LENGTH), random);
    return grown && `${grown.join("")}\n`;
  }
  // `n` first, perhaps with other numbers beside it, and one row of n numbers.
  const isCounted = rows.every(
    ([head, row, ...rest]) => rest.length === 0 && row?.length === Number(head?.[0]) && row.length > 1,
  );
  const high = bounds.get("N")?.high ?? bounds.get("n")?.high;
  if (!isCounted || high === undefined) return undefined;
  const length = Math.min(high, LENGTH);
  const grown = grow(
    rows.map(([, row = []]) => row.map(Number)),
    length,
    random,
  );
  const beside = rows[0]?.[0]?.slice(1) ?? [];
  return grown && `${[length, ...beside].join(" ")}\n${grown.join(" ")}\n`;
}

/** `a string of length between 1 and 2 x 10^5, inclusive`. */
function lengthBound(statement: string): number | undefined {
  for (const [, bound = ""] of statement.matchAll(
    /length (?:between|from)[^.\n]{0,20}? (?:and|to) ([^.\n,]+)/gi,
  )) {
    const high = constraintBounds(`1 <= L <= ${bound}`).get("L")?.high;
    if (high !== undefined) return high;
  }
  return undefined;
}
