import type { SeededRandom } from "../../../core/seeded-random.ts";
import type { Range } from "./bounds.ts";

/** What the values of one input look like. */
export interface Profile {
  readonly why: string;
  /** The most elements that a list, a word or a count of rows gets where the statement allows it. */
  readonly size: number;
  readonly sizes: "random" | "least" | "most";
  readonly values: "narrow" | "wide" | "top" | "bottom" | "equal" | "zero" | "negative";
  /** How many different values a narrow range has, and how many letters a word. */
  readonly span: number;
  /** The same for numbers that stand in no list. */
  readonly scalarSpan?: number;
  /** Nearly all letters of a word are the same. */
  readonly skew?: boolean;
  readonly order?: 1 | -1;
  /** Names at a bound of theirs while the others are as the profile says. */
  readonly edge?: { readonly name: string; readonly side: "low" | "high" };
  /** Chains and stars instead of random trees. */
  readonly shape?: "random" | "chain" | "star";
}

export type Choices = Pick<SeededRandom, "below">;

/** A whole number of a range, as a profile picks it; `centre` is where a narrow range lies when zero is inside. */
export function pickNumber(range: Required<Range>, profile: Profile, choices: Choices): number {
  const { low, high } = range;
  const width = (from: number, to: number): number => from + below(choices, Math.max(1, to - from + 1));
  switch (profile.values) {
    case "wide":
      return width(low, high);
    case "top":
      return width(Math.max(low, high - profile.span + 1), high);
    case "bottom":
      return width(low, Math.min(high, low + profile.span - 1));
    case "zero":
      return low <= 0 && high >= 0 ? 0 : low;
    case "negative":
      return low < 0
        ? width(Math.max(low, -profile.span), Math.min(high, -1))
        : width(low, Math.min(high, low + profile.span - 1));
    case "equal":
    case "narrow": {
      const from =
        low < 0 && high > 0
          ? Math.max(low, -Math.floor(profile.span / 2))
          : low < 0
            ? Math.max(low, high - profile.span + 1)
            : low;
      return width(from, Math.min(high, from + profile.span - 1));
    }
  }
}

/** `below` for ranges beyond 2^32, in which one draw would leave out most numbers. */
function below(choices: Choices, bound: number): number {
  if (bound <= 2 ** 31) return choices.below(bound);
  const high = choices.below(2 ** 22);
  const low = choices.below(2 ** 31);
  return Math.min(bound - 1, Math.floor(((high * 2 ** 31 + low) / 2 ** 53) * bound));
}

/** A size of a range: never above what the profile allows unless the statement asks for more. */
export function pickSize(range: Required<Range>, profile: Profile, choices: Choices): number {
  const { low } = range;
  const high = Math.max(low, Math.min(range.high, profile.size));
  if (profile.sizes === "least") return low;
  return profile.sizes === "most" ? high : low + below(choices, high - low + 1);
}

export function shuffle<T>(values: readonly T[], choices: Choices): T[] {
  const all = [...values];
  for (let i = all.length - 1; i > 0; i--) {
    const j = choices.below(i + 1);
    const [a, b] = [all[i], all[j]];
    if (a !== undefined && b !== undefined) [all[i], all[j]] = [b, a];
  }
  return all;
}
