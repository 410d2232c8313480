import { evaluate } from "../../inputs/bound-expression.ts";
import { modulo } from "../check.ts";
import { type Known, rangeOf, type Range } from "./bounds.ts";
import type { FormRules } from "./form-rules.ts";
import { pickNumber, pickSize, type Choices, type Profile } from "./profile.ts";

/** Without a stated bound. */
const FALLBACK: Required<Range> = { low: 1, high: 10 };
/** Cases or queries of one input: more make it no better. */
const MOST_SCOPES = 3;

/** Draws numbers and sizes within the bounds that chains give, as a profile picks them. */
export class NumberDrawer {
  readonly #rules: FormRules;
  readonly #profile: Profile;
  readonly #choices: Choices;
  readonly #constants = new Map<string, number>();

  constructor(rules: FormRules, profile: Profile, choices: Choices) {
    this.#rules = rules;
    this.#profile = profile;
    this.#choices = choices;
  }

  /** The size that a name stands for; `isScope`: of test cases or queries. */
  size(name: string, known: Known, isScope = false): number {
    const range = rangeOf(name, this.#rules.chains, known);
    const isLength = name.endsWith(".length");
    const least = range.low ?? 1;
    const profile = isScope
      ? { ...this.#profile, size: Math.min(MOST_SCOPES, this.#profile.size) }
      : this.#profile;
    const edge = this.#edge(name, { low: least, high: range.high ?? least });
    const value =
      edge ??
      pickSize(
        { low: least, high: range.high ?? Math.max(least, isLength ? 6 : 10) },
        profile,
        this.#choices,
      );
    return this.congruent(name, value, { low: least, high: range.high ?? value + 1 }, known);
  }

  #range(name: string, known: Known): Required<Range> {
    const range = rangeOf(name, this.#rules.chains, known);
    const low = range.low ?? Math.min(FALLBACK.low, range.high ?? FALLBACK.low);
    return { low, high: Math.max(low, range.high ?? Math.max(low + FALLBACK.high, FALLBACK.high)) };
  }

  integer(name: string, known: Known): number {
    const range = this.#range(name, known);
    const edge = this.#edge(name, range);
    if (edge !== undefined) return this.congruent(name, edge, range, known);
    const constant = this.#profile.values === "equal" ? this.#constants.get(name) : undefined;
    if (constant !== undefined && constant >= range.low && constant <= range.high) return constant;
    const value = this.congruent(name, pickNumber(range, this.#profileOf(name), this.#choices), range, known);
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
  congruent(name: string, value: number, { low, high }: Required<Range>, known: Known): number {
    const claim = this.#rules.claims.find((each) => each.kind === "divisible" && each.value === name);
    if (claim?.kind !== "divisible") return value;
    const by = evaluate(claim.by, known);
    if (by === undefined || by <= 0) return value;
    const up = value + modulo(claim.rest - value, by);
    return up <= high ? up : Math.max(low, up - by);
  }

  real(name: string, known: Known): number {
    const { low, high } = this.#range(name, known);
    const tenths = pickNumber({ low: low * 10, high: high * 10 }, this.#profile, this.#choices);
    return tenths % 10 === 0 && tenths < high * 10 ? tenths / 10 + 0.5 : tenths / 10;
  }

  #edge(name: string, range: Required<Range>): number | undefined {
    const { edge } = this.#profile;
    if (edge?.name !== name) return undefined;
    return edge.side === "low" ? range.low : range.high;
  }
}
