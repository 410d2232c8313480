import { evaluate } from "../../inputs/bound-expression.ts";
import { namesOfExpression, type Names } from "../environment.ts";
import type { Claim, Value } from "../input-model.ts";

export type Known = ReadonlyMap<string, number>;

export interface Range {
  readonly low?: number;
  readonly high?: number;
}

type Chain = Extract<Claim, { kind: "chain" }>;

/** One side of a name's range: the value of an expression, less or more by a number of `<` signs. */
interface Bound {
  readonly expression: string;
  /** Its value where that hangs on no name. */
  readonly constant: number | undefined;
  readonly strict: number;
  readonly isLow: boolean;
  readonly isHigh: boolean;
}

const NOTHING: Known = new Map();

/** What chains say of each name, read once: an input of a hundred thousand elements asks for each of them. */
const known = new WeakMap<readonly Chain[], Map<string, readonly Bound[]>>();

/** The bounds that chains give for a name under what is known; a side that cannot be computed is absent. */
export function rangeOf(name: string, chains: readonly Chain[], values: Known): Range {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const { expression, constant, strict, isLow, isHigh } of boundsOf(name, chains)) {
    const value = constant ?? evaluate(expression, values);
    if (value === undefined) continue;
    if (isLow) low = Math.max(low, Math.ceil(value) + strict);
    if (isHigh) high = Math.min(high, below(value) - strict);
  }
  // Written out, because a large input asks a million times.
  if (low === Number.NEGATIVE_INFINITY) return high === Number.POSITIVE_INFINITY ? {} : { high };
  return high === Number.POSITIVE_INFINITY ? { low } : { low, high };
}

function boundsOf(name: string, chains: readonly Chain[]): readonly Bound[] {
  let byName = known.get(chains);
  if (byName === undefined) known.set(chains, (byName = new Map<string, readonly Bound[]>()));
  let bounds = byName.get(name);
  if (bounds === undefined) byName.set(name, (bounds = readBounds(name, chains)));
  return bounds;
}

function readBounds(name: string, chains: readonly Chain[]): Bound[] {
  const bounds: Bound[] = [];
  for (const { parts, signs } of chains) {
    parts.forEach((part, at) => {
      if (!part.includes(name)) return;
      for (const [other, expressions] of parts.entries()) {
        if (other === at) continue;
        const between = signs.slice(Math.min(at, other), Math.max(at, other));
        if (between.includes("!=")) continue;
        const strict = between.filter((sign) => sign === "<").length;
        const exact = between.every((sign) => sign === "==");
        for (const expression of expressions) {
          const constant = evaluate(expression, NOTHING);
          const [isLow, isHigh] = [other < at || exact, other > at || exact];
          bounds.push({ expression, constant, strict, isLow, isHigh });
        }
      }
    });
  }
  return bounds;
}

/** The whole part. Beyond 2^53 a double may be a bound rounded up: a step of two places is on the safe side. */
function below(value: number): number {
  const whole = Math.floor(value);
  return whole > Number.MAX_SAFE_INTEGER && !isPowerOfTen(whole) ? whole - whole * 2 ** -51 : whole;
}

function isPowerOfTen(value: number): boolean {
  return /^10*$/.test(BigInt(value).toString());
}

/** Names that equal a length or another name and are no part of the input: `n == nums.length`. */
export function derivedNames(chains: readonly Chain[], own: ReadonlySet<string>): string[] {
  const derived = chains.flatMap(({ parts, signs }) =>
    signs.includes("==") ? parts.flat().filter((part) => /^[A-Za-z]\w*$/.test(part) && !own.has(part)) : [],
  );
  return [...new Set(derived)];
}

/** The names with what follows for derived ones. */
export function withDerived(names: Names, chains: readonly Chain[]): Names {
  const all = new Map<string, Value>(names);
  for (const { parts, signs } of chains) {
    if (!signs.includes("==")) continue;
    for (const [at, sign] of signs.entries()) {
      if (sign !== "==") continue;
      for (const [name = "", other = ""] of [
        [parts[at]?.[0], parts[at + 1]?.[0]],
        [parts[at + 1]?.[0], parts[at]?.[0]],
      ]) {
        if (all.has(name) || !/^[A-Za-z]\w*$/.test(name)) continue;
        const value = firstValue(other, all);
        if (value !== undefined) all.set(name, value);
      }
    }
  }
  return all;
}

/** The value of an expression, of rows that are all alike the first's. */
function firstValue(expression: string, names: Names): number | undefined {
  const known = new Map<string, number>();
  for (const name of namesOfExpression(expression)) {
    let value = names.get(name);
    while (Array.isArray(value)) value = (value as readonly Value[])[0];
    if (typeof value === "number") known.set(name, value);
  }
  return evaluate(expression, known);
}
