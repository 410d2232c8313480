import { evaluate } from "../inputs/bound-expression.ts";
import { everyIndex, type Names } from "./environment.ts";
import type { Claim, Sign, Value } from "./input-model.ts";
import { isList } from "./read/value.ts";

/** Whether a claim holds among these names; a name that is not there breaks nothing. Sums are checked over all scopes. */
export function holds(claim: Claim, names: Names): boolean {
  switch (claim.kind) {
    case "chain":
      return claim.signs.every((sign, at) =>
        relates(claim.parts[at] ?? [], sign, claim.parts[at + 1] ?? [], names),
      );
    case "divisible":
      return everyIndex([claim.value, claim.by], names, ([value, by]) =>
        value === undefined || by === undefined || by === 0 ? true : modulo(value, by) === claim.rest,
      );
    case "letters":
      return everyWord(names.get(claim.name), (word) =>
        [...word].every((letter) => claim.letters.includes(letter)),
      );
    case "words":
      return everyWord(names.get(claim.name), (word) => claim.words.includes(word));
    case "no-leading-zero":
      return everyWord(names.get(claim.name), (word) => word === "0" || !word.startsWith("0"));
    case "holds": {
      const text = allText(names.get(claim.name));
      if (text === undefined) return true;
      const count = text.split(claim.letter).length - 1;
      return count >= claim.least && count <= (claim.most ?? Number.POSITIVE_INFINITY);
    }
    case "distinct":
      return areDistinct(
        claim.names.map((name) => names.get(name)),
        claim.unordered === true,
      );
    case "sorted":
      return everyList(names.get(claim.name), (list) => isSorted(list, claim.order, claim.strict));
    case "permutation":
      return everyList(names.get(claim.name), (list) => isPermutation(list, claim.from));
    case "neighbours-differ":
      return everyList(names.get(claim.name), (list) =>
        list.every((value, i) => i === 0 || value !== list[i - 1]),
      );
    case "graph":
      return isGraph(claim, names);
    case "sum":
      return true;
    case "rectangular": {
      const lengths = names.get(`${claim.name}[].length`);
      return !isList(lengths) || new Set(lengths).size <= 1;
    }
    case "same-length":
      return (
        new Set(claim.names.map((name) => names.get(`${name}.length`)).filter((each) => each !== undefined))
          .size <= 1
      );
  }
}

/** Whether a chain holds among numbers alone; a name that is not there breaks nothing. */
export function chainHolds(
  { parts, signs }: Extract<Claim, { kind: "chain" }>,
  numbers: ReadonlyMap<string, number>,
): boolean {
  return signs.every((sign, at) =>
    (parts[at] ?? []).every((left) => {
      const x = evaluate(left, numbers);
      return (parts[at + 1] ?? []).every((right) => {
        const y = evaluate(right, numbers);
        return x === undefined || y === undefined || related(x, sign, y);
      });
    }),
  );
}

function relates(left: readonly string[], sign: Sign, right: readonly string[], names: Names): boolean {
  return left.every((a) =>
    right.every((b) =>
      everyIndex([a, b], names, ([x, y]) => x === undefined || y === undefined || related(x, sign, y)),
    ),
  );
}

function related(x: number, sign: Sign, y: number): boolean {
  switch (sign) {
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case "==":
      return x === y;
    case "!=":
      return x !== y;
  }
}

/** Python's remainder. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function everyWord(value: Value | undefined, test: (word: string) => boolean): boolean {
  if (isList(value)) return value.every((each) => everyWord(each, test));
  return typeof value !== "string" || test(value);
}

/** The lists of scalars in a value. */
function everyList(value: Value | undefined, test: (list: readonly Value[]) => boolean): boolean {
  if (!isList(value)) return true;
  return value.some(isList) ? value.every((each) => everyList(each, test)) : test(value);
}

function allText(value: Value | undefined): string | undefined {
  if (isList(value)) return value.map((each) => allText(each) ?? "").join("\n");
  return typeof value === "string" ? value : undefined;
}

function areDistinct(columns: readonly (Value | undefined)[], unordered: boolean): boolean {
  const [first] = columns;
  // Several plain names: `A`, `B` and `C` differ.
  if (columns.every((column) => !isList(column) && column !== undefined))
    return new Set(columns).size === columns.length;
  if (!isList(first)) return true;
  if (columns.length === 1 && first.some(isList))
    return first.every((each) => areDistinct([each], unordered));
  const tuples = first.map((_, i) => {
    const tuple = columns.map((column) => (isList(column) ? (column[i] ?? null) : null));
    return JSON.stringify(unordered ? tuple.toSorted() : tuple);
  });
  return new Set(tuples).size === tuples.length;
}

function isSorted(list: readonly Value[], order: 1 | -1, strict: boolean): boolean {
  return list.every((value, i) => {
    const before = list[i - 1];
    if (i === 0 || before === undefined || before === null || value === null) return true;
    if (strict && value === before) return false;
    return order === 1 ? before <= value : before >= value;
  });
}

function isPermutation(list: readonly Value[], from: 0 | 1): boolean {
  const inRange = (value: Value): boolean =>
    typeof value === "number" && Number.isInteger(value) && value >= from && value < list.length + from;
  return new Set(list).size === list.length && list.every(inRange);
}

function isGraph(claim: Extract<Claim, { kind: "graph" }>, names: Names): boolean {
  const [starts, ends] = claim.ends.map((name) => names.get(name));
  if (!isList(starts) || !isList(ends)) return true;
  return everyIndex([claim.nodes], names, ([nodes]) => {
    if (nodes === undefined) return true;
    // Only nodes that an edge has joined to another: a statement may allow 10^9 of them.
    const above = new Map<number, number>();
    const find = (node: number): number => {
      let at = node;
      for (let up = above.get(at); up !== undefined; up = above.get(at)) {
        above.set(at, above.get(up) ?? up);
        at = up;
      }
      return at;
    };
    let parts = nodes;
    const seen = new Set<string>();
    for (let i = 0; i < starts.length; i++) {
      const [u, v] = [Number(starts[i]) - claim.from, Number(ends[i]) - claim.from];
      if (u < 0 || v < 0 || u >= nodes || v >= nodes) return false;
      if (u === v && !claim.loops) return false;
      const edge = `${String(Math.min(u, v))} ${String(Math.max(u, v))}`;
      if (seen.has(edge) && !claim.multiple) return false;
      seen.add(edge);
      const [a, b] = [find(u), find(v)];
      if (claim.tree && a === b) return false;
      if (a === b) continue;
      above.set(a, b);
      parts--;
    }
    return (!claim.connected && !claim.tree) || parts <= 1;
  });
}

/** Whether sums over all scopes keep within their bounds. */
export function sumsHold(claims: readonly Claim[], scopes: readonly Names[]): boolean {
  return claims.every((claim) => {
    if (claim.kind !== "sum") return true;
    const total = scopes.reduce((sum, names) => sum + totalOf(names.get(claim.name)), 0);
    return total <= claim.most;
  });
}

function totalOf(value: Value | undefined): number {
  if (isList(value)) return value.reduce((sum: number, each) => sum + totalOf(each), 0);
  return typeof value === "number" ? value : 0;
}
