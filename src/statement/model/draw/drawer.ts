import { evaluate } from "../../inputs/bound-expression.ts";
import { derivedNames, rangeOf, type Range } from "./bounds.ts";
import { chainHolds, modulo } from "../check.ts";
import { drawEdges } from "./graph.ts";
import { pickNumber, pickSize, shuffle, type Choices, type Profile } from "./profile.ts";
import { drawWord, withLetters } from "./word.ts";
import { namesIn, namesOfExpression } from "../environment.ts";
import { listsOf, outsideLists, scalarsOf } from "../form-names.ts";
import type { Claim, Form, List, Scalar, Value } from "../input-model.ts";

type Chain = Extract<Claim, { kind: "chain" }>;
type Known = Map<string, number>;

/** Attempts at one element before a list with distinct ones gives up. */
const ATTEMPTS = 12;
/** Without a stated bound. */
const FALLBACK: Required<Range> = { low: 1, high: 10 };
/** Elements of all lists together. */
const MOST_ELEMENTS = 400_000;
/** Letters of all words together: a bound on their sum is only checked on the finished value. */
const MOST_LETTERS = 4_000_000;

/** Draws values of a form that keep its claims as far as they can be kept while drawing; the caller checks the rest. */
export class Drawer {
  readonly #form: Form;
  readonly #claims: readonly Claim[];
  readonly #chains: readonly Chain[];
  readonly #sizes: ReadonlySet<string>;
  readonly #derived: readonly string[];

  constructor(form: Form, claims: readonly Claim[]) {
    this.#form = form;
    this.#claims = claims;
    this.#chains = claims.filter((claim) => claim.kind === "chain");
    const own = new Set(scalarsOf(form).map(({ name }) => name));
    this.#derived = derivedNames(this.#chains, own);
    this.#sizes = new Set([
      ...listsOf(form).flatMap(({ count }) => (count === undefined ? [] : namesOfExpression(count))),
      ...scalarsOf(form).flatMap(({ length }) => (length === undefined ? [] : namesOfExpression(length))),
      ...this.#chains.flatMap(({ parts, signs }) =>
        signs.includes("==") && parts.some((part) => part.some((each) => each.endsWith(".length")))
          ? parts.flat().flatMap(namesOfExpression)
          : [],
      ),
    ]);
  }

  /** undefined when a list did not get as many different elements as it needs, or all is too large. */
  draw(profile: Profile, choices: Choices): Value | undefined {
    return new Draw(
      this.#form,
      this.#claims,
      this.#chains,
      this.#sizes,
      this.#derived,
      profile,
      choices,
    ).value();
  }
}

class Draw {
  readonly #form: Form;
  readonly #claims: readonly Claim[];
  readonly #chains: readonly Chain[];
  readonly #sizes: ReadonlySet<string>;
  readonly #derived: readonly string[];
  readonly #profile: Profile;
  readonly #choices: Choices;
  readonly #constants = new Map<string, number>();
  readonly #rowChains = new Map<Form, readonly Chain[]>();
  #elements = 0;
  #letters = 0;

  constructor(
    form: Form,
    claims: readonly Claim[],
    chains: readonly Chain[],
    sizes: ReadonlySet<string>,
    derived: readonly string[],
    profile: Profile,
    choices: Choices,
  ) {
    this.#form = form;
    this.#claims = claims;
    this.#chains = chains;
    this.#sizes = sizes;
    this.#derived = derived;
    this.#profile = profile;
    this.#choices = choices;
  }

  value(): Value | undefined {
    return this.#scope(this.#form, new Map());
  }

  /** A part with names of its own: sizes first, because other bounds hang on them. */
  #scope(form: Form, known: Known): Value | undefined {
    const plain = outsideLists(form);
    for (const name of this.#derived) if (!known.has(name)) this.#drawSize(name, known);
    for (const { name } of plain.scalars)
      if (this.#sizes.has(name) && !known.has(name)) this.#drawSize(name, known, isScopeCount(form, name));
    for (const { name, count, scope } of plain.lists)
      if (count === undefined && name !== "") this.#drawSize(`${name}.length`, known, scope === true);
    for (const { name, type, length } of plain.scalars) {
      if (type !== "word" || this.#isListed(name)) continue;
      const fixed = length === undefined ? undefined : evaluate(length, known);
      if (fixed === undefined) this.#drawSize(`${name}.length`, known);
      else known.set(`${name}.length`, fixed);
    }
    return this.#draw(form, known);
  }

  #isListed(name: string): boolean {
    return this.#claims.some((claim) => claim.kind === "words" && claim.name === name);
  }

  #drawSize(name: string, known: Known, isScope = false): void {
    const range = rangeOf(name, this.#chains, known);
    const isLength = name.endsWith(".length");
    const least = range.low ?? 1;
    const profile = isScope ? { ...this.#profile, size: Math.min(3, this.#profile.size) } : this.#profile;
    const edge = this.#edge(name, { low: least, high: range.high ?? least });
    const value =
      edge ??
      pickSize(
        { low: least, high: range.high ?? Math.max(least, isLength ? 6 : 10) },
        profile,
        this.#choices,
      );
    known.set(name, this.#congruent(name, value, { low: least, high: range.high ?? value + 1 }, known));
  }

  #edge(name: string, range: Required<Range>): number | undefined {
    const { edge } = this.#profile;
    if (edge?.name !== name) return undefined;
    return edge.side === "low" ? range.low : range.high;
  }

  #draw(form: Form, known: Known): Value | undefined {
    switch (form.kind) {
      case "scalar":
        return this.#scalar(form, known);
      case "literal":
        return form.text;
      case "row":
        return this.#fields(form.fields, known);
      case "choice": {
        const option = this.#choices.below(form.options.length);
        const row = form.options[option];
        const value = row && this.#draw(row, known);
        return value === undefined ? undefined : [option, value];
      }
      case "list":
        return this.#list(form, known);
    }
  }

  #fields(fields: readonly Form[], known: Known): Value | undefined {
    const values: Value[] = [];
    for (const field of fields) {
      const value = this.#draw(field, known);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #scalar(scalar: Scalar, known: Known): Value | undefined {
    const { name, type } = scalar;
    switch (type) {
      case "boolean":
        return this.#choices.below(2) === 1;
      case "word":
        return this.#word(scalar, known);
      case "real":
        return this.#real(name, known);
      case "integer": {
        const drawn = known.get(name);
        if (drawn !== undefined && !name.endsWith("[]")) return drawn;
        const value = this.#integer(name, known);
        known.set(name, value);
        return value;
      }
    }
  }

  #range(name: string, known: Known): Required<Range> {
    const range = rangeOf(name, this.#chains, known);
    const low = range.low ?? Math.min(FALLBACK.low, range.high ?? FALLBACK.low);
    return { low, high: Math.max(low, range.high ?? Math.max(low + FALLBACK.high, FALLBACK.high)) };
  }

  #integer(name: string, known: Known): number {
    const range = this.#range(name, known);
    const edge = this.#edge(name, range);
    if (edge !== undefined) return this.#congruent(name, edge, range, known);
    const constant = this.#profile.values === "equal" ? this.#constants.get(name) : undefined;
    if (constant !== undefined && constant >= range.low && constant <= range.high) return constant;
    const value = this.#congruent(
      name,
      pickNumber(range, this.#profileOf(name), this.#choices),
      range,
      known,
    );
    this.#constants.set(name, value);
    return value;
  }

  #profileOf(name: string): Profile {
    const { scalarSpan } = this.#profile;
    return scalarSpan === undefined || name.endsWith("[]")
      ? this.#profile
      : { ...this.#profile, span: scalarSpan };
  }

  /** The number moved to the next one with the remainder that the statement asks for. */
  #congruent(name: string, value: number, { low, high }: Required<Range>, known: Known): number {
    const claim = this.#claims.find((each) => each.kind === "divisible" && each.value === name);
    if (claim?.kind !== "divisible") return value;
    const by = evaluate(claim.by, known);
    if (by === undefined || by <= 0) return value;
    const up = value + modulo(claim.rest - value, by);
    return up <= high ? up : Math.max(low, up - by);
  }

  #real(name: string, known: Known): number {
    const { low, high } = this.#range(name, known);
    const tenths = pickNumber({ low: low * 10, high: high * 10 }, this.#profile, this.#choices);
    return tenths % 10 === 0 && tenths < high * 10 ? tenths / 10 + 0.5 : tenths / 10;
  }

  #word(scalar: Scalar, known: Known): string | undefined {
    const length = this.#lengthOf(scalar, known);
    this.#letters += Math.max(0, length);
    if (this.#letters > MOST_LETTERS) return undefined;
    return drawWord(scalar.name, length, this.#claims, this.#profile, this.#choices);
  }

  #lengthOf({ name, length }: Scalar, known: Known): number {
    const fixed = length === undefined ? undefined : evaluate(length, known);
    const drawn = fixed ?? known.get(`${name}.length`);
    if (drawn !== undefined || this.#isListed(name)) return drawn ?? 1;
    const range = rangeOf(`${name}.length`, this.#chains, known);
    const least = range.low ?? 1;
    const size = pickSize({ low: least, high: range.high ?? 6 }, this.#profile, this.#choices);
    return this.#congruent(`${name}.length`, size, { low: least, high: range.high ?? 6 }, known);
  }

  #list(list: List, known: Known): Value | undefined {
    const count = this.#count(list, known);
    this.#elements += count;
    if (count < 0 || this.#elements > MOST_ELEMENTS) return undefined;
    if (list.scope === true)
      return all(Array.from({ length: count }, () => this.#scope(list.of, new Map(known))));
    const own = this.#claims.filter((claim) => "name" in claim && claim.name.startsWith(elementName(list)));
    const permutation = own.find((claim) => claim.kind === "permutation");
    if (permutation?.kind === "permutation" && list.of.kind === "scalar") {
      const numbers = Array.from({ length: count }, (_, i) => i + permutation.from);
      if (this.#profile.order !== undefined)
        return this.#profile.order === 1 ? numbers : numbers.toReversed();
      return shuffle(numbers, this.#choices);
    }
    const edges = drawEdges(list, count, this.#claims, known, this.#profile, this.#choices);
    const values = this.#elementsOf(list, count, known, edges);
    return values && this.#ordered(list, withLetters(list, values, this.#claims, this.#choices));
  }

  #count(list: List, known: Known): number {
    if (list.count !== undefined) return evaluate(list.count, known) ?? -1;
    const name = `${list.name}.length`;
    const drawn = known.get(name);
    if (drawn !== undefined) return drawn;
    const range = rangeOf(name, this.#chains, known);
    const least = range.low ?? 1;
    return pickSize({ low: least, high: range.high ?? 4 }, this.#profile, this.#choices);
  }

  #elementsOf(
    list: List,
    count: number,
    known: Known,
    edges: readonly (readonly [number, number])[] | undefined,
  ): Value[] | undefined {
    const columns = new Set(scalarsOf(list.of).map(({ name }) => name));
    const distinct = this.#claims.filter(
      (claim) => claim.kind === "distinct" && claim.names.every((name) => columns.has(name)),
    );
    const neighbours = this.#claims.some(
      (claim) => claim.kind === "neighbours-differ" && columns.has(claim.name),
    );
    const rectangular = this.#claims.some(
      (claim) => claim.kind === "rectangular" && claim.name === list.name,
    );
    const values: Value[] = [];
    const seen = distinct.map(() => new Set<string>());
    let width: number | undefined;
    const inner: Known = new Map(known);
    const own = namesIn(list.of).filter((name) => !known.has(name));
    for (let i = 0; i < count; i++) {
      const found = this.#element(list, i, inner, own, edges?.[i], width, (value) => {
        if (!this.#rowHolds(list.of, value, inner)) return false;
        if (neighbours && JSON.stringify(value) === JSON.stringify(values.at(-1))) return false;
        return distinct.every((claim, at) => !(seen[at]?.has(keyOf(claim, list.of, value)) ?? false));
      });
      if (found === undefined) return undefined;
      values.push(found);
      distinct.forEach((claim, at) => seen[at]?.add(keyOf(claim, list.of, found)));
      if (rectangular && Array.isArray(found)) width = found.length;
    }
    return values;
  }

  /** `inner` is the list's own: the names that an element before has put there are taken out. */
  #element(
    list: List,
    index: number,
    inner: Known,
    own: readonly string[],
    edge: readonly [number, number] | undefined,
    width: number | undefined,
    fits: (value: Value) => boolean,
  ): Value | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      for (const name of own) inner.delete(name);
      inner.set(list.name.includes("[]") ? "j" : "i", index + 1);
      if (width !== undefined && list.of.kind === "list") inner.set(`${list.of.name}.length`, width);
      const value = this.#draw(list.of, inner);
      if (value === undefined) return undefined;
      const placed =
        edge && Array.isArray(value) ? [edge[0], edge[1], ...(value as readonly Value[]).slice(2)] : value;
      if (fits(placed)) return placed;
    }
    return undefined;
  }

  /** Chains among the columns of one row. */
  #rowHolds(form: Form, value: Value, known: Known): boolean {
    if (form.kind !== "row" || !Array.isArray(value)) return true;
    const chains = this.#chainsOf(form);
    if (chains.length === 0) return true;
    const numbers = new Map(known);
    form.fields.forEach((field, i) => {
      const each = (value as readonly Value[])[i];
      if (field.kind === "scalar" && typeof each === "number") numbers.set(field.name, each);
    });
    return chains.every((claim) => chainHolds(claim, numbers));
  }

  /** The chains that name a column of a row. */
  #chainsOf(row: Extract<Form, { kind: "row" }>): readonly Chain[] {
    let chains = this.#rowChains.get(row);
    if (chains === undefined) {
      const own = new Set(row.fields.flatMap((field) => (field.kind === "scalar" ? [field.name] : [])));
      chains = this.#chains.filter(({ parts }) =>
        parts.flat().some((part) => namesOfExpression(part).some((name) => own.has(name))),
      );
      this.#rowChains.set(row, chains);
    }
    return chains;
  }

  #ordered(list: List, values: Value[]): Value {
    const name = elementName(list);
    const sorted = this.#claims.find((claim) => claim.kind === "sorted" && claim.name === name);
    const order =
      sorted?.kind === "sorted" ? sorted.order : list.of.kind === "scalar" ? this.#profile.order : undefined;
    if (order === undefined || list.of.kind !== "scalar") return values;
    return values.toSorted((a, b) => (a === null || b === null || a === b ? 0 : a < b ? -order : order));
  }
}

function all(values: readonly (Value | undefined)[]): Value | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The name of a list's elements. */
function elementName(list: List): string {
  return list.of.kind === "scalar" ? list.of.name : `${list.name}[]`;
}

function keyOf(claim: Claim, form: Form, value: Value): string {
  if (claim.kind !== "distinct") return "";
  const scalars = scalarsOf(form);
  const row = Array.isArray(value) && form.kind === "row" ? (value as readonly Value[]) : [value];
  const tuple = claim.names.map(
    (name) =>
      row[
        form.kind === "row"
          ? form.fields.findIndex((field) => field.kind === "scalar" && field.name === name)
          : scalars.findIndex((scalar) => scalar.name === name)
      ] ?? null,
  );
  return JSON.stringify(claim.unordered === true ? tuple.toSorted() : tuple);
}

function isScopeCount(form: Form, name: string): boolean {
  return listsOf(form).some(({ scope, count }) => scope === true && count === name);
}
