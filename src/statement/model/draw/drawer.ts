import { evaluate } from "../../inputs/bound-expression.ts";
import { namesIn } from "../environment.ts";
import { listsOf, outsideLists, scalarsOf } from "../form-names.ts";
import type { Claim, Form, List, Scalar, Value } from "../input-model.ts";
import { rangeOf } from "./bounds.ts";
import { formRules, type FormRules } from "./form-rules.ts";
import { drawEdges } from "./graph.ts";
import { NumberDrawer } from "./numbers.ts";
import { pickSize, shuffle, type Choices, type Profile } from "./profile.ts";
import { keyOf, RowRules } from "./rows.ts";
import { drawWord, withLetters } from "./word.ts";

type Known = Map<string, number>;

/** Attempts at one element before a list with distinct ones gives up. */
const ATTEMPTS = 12;
/** Elements of all lists together. */
const MOST_ELEMENTS = 400_000;
/** Letters of all words together: a bound on their sum is only checked on the finished value. */
const MOST_LETTERS = 4_000_000;

/** Draws values of a form that keep its claims as far as they can be kept while drawing; the caller checks the rest. */
export class Drawer {
  readonly #rules: FormRules;

  constructor(form: Form, claims: readonly Claim[]) {
    this.#rules = formRules(form, claims);
  }

  /** undefined when a list did not get as many different elements as it needs, or all is too large. */
  draw(profile: Profile, choices: Choices): Value | undefined {
    return new Draw(this.#rules, profile, choices).value();
  }
}

class Draw {
  readonly #rules: FormRules;
  readonly #profile: Profile;
  readonly #choices: Choices;
  readonly #numbers: NumberDrawer;
  readonly #rows: RowRules;
  #elements = 0;
  #letters = 0;

  constructor(rules: FormRules, profile: Profile, choices: Choices) {
    this.#rules = rules;
    this.#profile = profile;
    this.#choices = choices;
    this.#numbers = new NumberDrawer(rules, profile, choices);
    this.#rows = new RowRules(rules);
  }

  value(): Value | undefined {
    return this.#scope(this.#rules.form, new Map());
  }

  /** A part with names of its own: sizes first, because other bounds hang on them. */
  #scope(form: Form, known: Known): Value | undefined {
    const plain = outsideLists(form);
    for (const name of this.#rules.derived) if (!known.has(name)) this.#drawSize(name, known);
    for (const { name } of plain.scalars)
      if (this.#rules.sizes.has(name) && !known.has(name))
        this.#drawSize(name, known, isScopeCount(form, name));
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
    return this.#rules.claims.some((claim) => claim.kind === "words" && claim.name === name);
  }

  #drawSize(name: string, known: Known, isScope = false): void {
    known.set(name, this.#numbers.size(name, known, isScope));
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
        return this.#numbers.real(name, known);
      case "integer": {
        const drawn = known.get(name);
        if (drawn !== undefined && !name.endsWith("[]")) return drawn;
        const value = this.#numbers.integer(name, known);
        known.set(name, value);
        return value;
      }
    }
  }

  #word(scalar: Scalar, known: Known): string | undefined {
    const length = this.#lengthOf(scalar, known);
    this.#letters += Math.max(0, length);
    if (this.#letters > MOST_LETTERS) return undefined;
    return drawWord(scalar.name, length, this.#rules.claims, this.#profile, this.#choices);
  }

  #lengthOf({ name, length }: Scalar, known: Known): number {
    const fixed = length === undefined ? undefined : evaluate(length, known);
    const drawn = fixed ?? known.get(`${name}.length`);
    if (drawn !== undefined || this.#isListed(name)) return drawn ?? 1;
    const range = rangeOf(`${name}.length`, this.#rules.chains, known);
    const least = range.low ?? 1;
    const size = pickSize({ low: least, high: range.high ?? 6 }, this.#profile, this.#choices);
    return this.#numbers.congruent(`${name}.length`, size, { low: least, high: range.high ?? 6 }, known);
  }

  #list(list: List, known: Known): Value | undefined {
    const count = this.#count(list, known);
    this.#elements += count;
    if (count < 0 || this.#elements > MOST_ELEMENTS) return undefined;
    if (list.scope === true)
      return all(Array.from({ length: count }, () => this.#scope(list.of, new Map(known))));
    const own = this.#rules.claims.filter(
      (claim) => "name" in claim && claim.name.startsWith(elementName(list)),
    );
    const permutation = own.find((claim) => claim.kind === "permutation");
    if (permutation?.kind === "permutation" && list.of.kind === "scalar") {
      const numbers = Array.from({ length: count }, (_, i) => i + permutation.from);
      if (this.#profile.order !== undefined)
        return this.#profile.order === 1 ? numbers : numbers.toReversed();
      return shuffle(numbers, this.#choices);
    }
    const edges = drawEdges(list, count, this.#rules.claims, known, this.#profile, this.#choices);
    const values = this.#elementsOf(list, count, known, edges);
    return values && this.#ordered(list, withLetters(list, values, this.#rules.claims, this.#choices));
  }

  #count(list: List, known: Known): number {
    if (list.count !== undefined) return evaluate(list.count, known) ?? -1;
    const name = `${list.name}.length`;
    const drawn = known.get(name);
    if (drawn !== undefined) return drawn;
    const range = rangeOf(name, this.#rules.chains, known);
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
    const distinct = this.#rules.claims.filter(
      (claim) => claim.kind === "distinct" && claim.names.every((name) => columns.has(name)),
    );
    const neighbours = this.#rules.claims.some(
      (claim) => claim.kind === "neighbours-differ" && columns.has(claim.name),
    );
    const rectangular = this.#rules.claims.some(
      (claim) => claim.kind === "rectangular" && claim.name === list.name,
    );
    const values: Value[] = [];
    const seen = distinct.map(() => new Set<string>());
    let width: number | undefined;
    const inner: Known = new Map(known);
    const own = namesIn(list.of).filter((name) => !known.has(name));
    for (let i = 0; i < count; i++) {
      const found = this.#element(list, i, inner, own, edges?.[i], width, (value) => {
        if (!this.#rows.holds(list.of, value, inner)) return false;
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

  #ordered(list: List, values: Value[]): Value {
    const name = elementName(list);
    const sorted = this.#rules.claims.find((claim) => claim.kind === "sorted" && claim.name === name);
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

function isScopeCount(form: Form, name: string): boolean {
  return listsOf(form).some(({ scope, count }) => scope === true && count === name);
}
