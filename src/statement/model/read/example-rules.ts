import { evaluate } from "../../inputs/bound-expression.ts";
import { rangeOf, withDerived } from "../draw/bounds.ts";
import { holds } from "../check.ts";
import { environmentsOf, type Names } from "../environment.ts";
import { baseOf, listsOf, scalarsOf } from "../form-names.ts";
import type { Claim, Form, Rule, Scalar, Unread, Value } from "../input-model.ts";
import { isList } from "./value.ts";

/** Rules that an example breaks are no rules. */
export function keptByExamples(
  form: Form,
  rules: readonly Rule[],
  examples: readonly Value[],
): {
  readonly kept: readonly Rule[];
  readonly broken: readonly Rule[];
} {
  const chains = rules.flatMap(({ claim }) => (claim.kind === "chain" ? [claim] : []));
  const scopes = examples
    .flatMap((value) => environmentsOf(form, value))
    .map((names) => withDerived(names, chains));
  const isKept = ({ claim }: Rule): boolean => scopes.every((names) => holds(claim, names));
  return { kept: rules.filter(isKept), broken: rules.filter((rule) => !isKept(rule)) };
}

/**
 * What only the examples show, for what the statement leaves open: bounds and letters; equal lengths of lists; and
 * order or distinctness where a word of the statement speaks for it.
 */
export function exampleRules(
  form: Form,
  statement: string,
  stated: readonly Rule[],
  examples: readonly Value[],
): { readonly rules: readonly Rule[]; readonly notUnderstood: readonly Unread[] } {
  const claims = stated.map(({ claim }) => claim);
  const chains = claims.filter((claim) => claim.kind === "chain");
  const scopes = examples
    .flatMap((value) => environmentsOf(form, value))
    .map((names) => withDerived(names, chains));
  const found: Claim[] = [];
  const notUnderstood: Unread[] = [];
  for (const scalar of scalarsOf(form)) {
    const values = scopes.flatMap((names) => flat(names.get(scalar.name)));
    if (scalar.type === "word") {
      const has = claims.some(
        (claim) => (claim.kind === "letters" || claim.kind === "words") && claim.name === scalar.name,
      );
      if (!has) {
        notUnderstood.push({ kind: "bound", text: `letters of ${baseOf(scalar.name)}` });
        found.push({ kind: "letters", name: scalar.name, letters: lettersSeen(values) });
      }
      continue;
    }
    if (scalar.type === "boolean") continue;
    if (claims.some((claim) => claim.kind === "permutation" && claim.name === scalar.name)) continue;
    const open = openSides(scalar, chains, scopes);
    if (open.length > 0)
      notUnderstood.push({ kind: "bound", text: `${open.join(" and ")} bound of ${baseOf(scalar.name)}` });
    const numbers = values.filter((value) => typeof value === "number");
    for (const side of open) found.push(shownBound(scalar, side, numbers));
  }
  for (const claim of structure(form, statement, scopes, claims)) found.push(claim);
  return { rules: found.map((claim) => ({ claim, from: "example", sureness: "weak" })), notUnderstood };
}

function openSides(
  scalar: Scalar,
  chains: readonly Extract<Claim, { kind: "chain" }>[],
  scopes: readonly Names[],
): ("low" | "high")[] {
  const names = scopes[0] ?? new Map<string, Value>();
  const known = new Map<string, number>([
    ["i", 1],
    ["j", 1],
  ]);
  for (const [name, value] of names) {
    const first = flat(value)[0];
    if (typeof first === "number" && name !== scalar.name) known.set(name, first);
  }
  // Without an example names are taken as 1: what matters is whether there is a bound at all.
  for (const name of chains.flatMap(({ parts }) => parts.flat()))
    if (
      !known.has(name) &&
      name !== scalar.name &&
      evaluate(name, known) === undefined &&
      /^[A-Za-z]\w*(?:\[\])*(?:\.length)?$/.test(name)
    )
      known.set(name, 1);
  const range = rangeOf(scalar.name, chains, known);
  return [
    ...(range.low === undefined ? (["low"] as const) : []),
    ...(range.high === undefined ? (["high"] as const) : []),
  ];
}

function shownBound({ name }: Scalar, side: "low" | "high", numbers: readonly number[]): Claim {
  const least = Math.min(...numbers, 1);
  const most = Math.max(...numbers, 10);
  const bound = String(Math.ceil(side === "low" ? least : most));
  return side === "low"
    ? { kind: "chain", parts: [[bound], [name]], signs: ["<="] }
    : { kind: "chain", parts: [[name], [bound]], signs: ["<="] };
}

function lettersSeen(values: readonly Value[]): string {
  const seen = new Set(values.flatMap((value) => (typeof value === "string" ? [...value] : [])));
  if (seen.size === 0) return "abcdefghijklmnopqrstuvwxyz";
  // Many letters of a class stand for the whole class.
  const lower = [...seen].filter((letter) => /[a-z]/.test(letter)).length;
  return [...new Set([...seen, ...(lower > 4 ? "abcdefghijklmnopqrstuvwxyz" : "")])].join("");
}

function structure(
  form: Form,
  statement: string,
  scopes: readonly Names[],
  claims: readonly Claim[],
): Claim[] {
  const found: Claim[] = [];
  const lists = listsOf(form).filter(({ name, scope }) => name !== "" && scope !== true);
  const text = statement.toLowerCase();
  for (const { name, of } of lists) {
    if (of.kind === "list" && scopes.length > 0) {
      const rectangular: Claim = { kind: "rectangular", name };
      const tall = scopes.filter((names) => Number(names.get(`${name}.length`)) > 1);
      if (tall.length > 0 && tall.every((names) => holds(rectangular, names))) found.push(rectangular);
    }
    if (of.kind !== "scalar") continue;
    const tries: readonly [RegExp, Claim][] = [
      [/\b(?:distinct|unique|different)\b|\bset of\b/, { kind: "distinct", names: [of.name] }],
      [
        /\b(?:sorted|ascending|non-?decreasing|increasing)\b/,
        { kind: "sorted", name: of.name, order: 1, strict: false },
      ],
      [
        /\b(?:sorted|descending|non-?increasing|decreasing)\b/,
        { kind: "sorted", name: of.name, order: -1, strict: false },
      ],
      [/\bpermutation\b/, { kind: "permutation", name: of.name, from: 1 }],
      [/\bpermutation\b/, { kind: "permutation", name: of.name, from: 0 }],
    ];
    const long = scopes.filter(
      (names) => isList(names.get(of.name)) && Number(names.get(`${name}.length`)) > 1,
    );
    for (const [word, claim] of tries) {
      const known = claims.some((each) => each.kind === claim.kind);
      if (!known && word.test(text) && long.length > 1 && long.every((names) => holds(claim, names)))
        found.push(claim);
    }
  }
  // Lists of free lengths that always agree, and not always on the same length.
  const free = lists.filter(({ count, name }) => count === undefined && !name.includes("[]"));
  for (const [at, { name }] of free.entries()) {
    const other = free.slice(0, at).find((each) => {
      const both = scopes.map((names) => [names.get(`${each.name}.length`), names.get(`${name}.length`)]);
      return both.length > 1 && both.every(([a, b]) => a === b);
    });
    if (other)
      found.push({ kind: "chain", parts: [[`${other.name}.length`], [`${name}.length`]], signs: ["=="] });
  }
  return found;
}

function flat(value: Value | undefined): Value[] {
  if (isList(value)) return value.flatMap(flat);
  return value === undefined || value === null ? [] : [value];
}
