import type { Claim, List, Value } from "../input-model.ts";
import type { Choices, Profile } from "./profile.ts";

/** A word with the letters and contents that claims allow; undefined when they do not say what letters there are. */
export function drawWord(
  name: string,
  length: number,
  claims: readonly Claim[],
  profile: Profile,
  choices: Choices,
): string | undefined {
  const listed = claims.find((claim) => claim.kind === "words" && claim.name === name);
  if (listed?.kind === "words") return listed.words[choices.below(listed.words.length)];
  const letters = lettersFor(name, claims);
  if (letters === undefined) return undefined;
  const used = someLetters(letters, profile, choices);
  const main = profile.skew === true ? choices.below(used.length) : 0;
  const drawn = Array.from({ length }, () => {
    const at = profile.skew === true && choices.below(32) > 0 ? main : choices.below(used.length);
    return used[at] ?? "";
  });
  const zero = claims.some((claim) => claim.kind === "no-leading-zero" && claim.name === name);
  if (zero && length > 1 && drawn[0] === "0") drawn[0] = used.find((letter) => letter !== "0") ?? "1";
  if (profile.order !== undefined)
    drawn.sort((a, b) => (a === b ? 0 : a < b ? -(profile.order ?? 1) : (profile.order ?? 1)));
  return withCounts([drawn.join("")], name, claims, letters, choices)[0];
}

/** The letters of every name, read once: a list may hold a hundred thousand words. */
const known = new WeakMap<readonly Claim[], Map<string, string | undefined>>();

function lettersFor(name: string, claims: readonly Claim[]): string | undefined {
  let byName = known.get(claims);
  if (byName === undefined) known.set(claims, (byName = new Map<string, string | undefined>()));
  if (!byName.has(name)) byName.set(name, readLetters(name, claims));
  return byName.get(name);
}

function readLetters(name: string, claims: readonly Claim[]): string | undefined {
  const sets = claims.flatMap((claim) =>
    claim.kind === "letters" && claim.name === name ? [claim.letters] : [],
  );
  const [first, ...others] = sets;
  if (first === undefined) return undefined;
  return [...first].filter((letter) => others.every((set) => set.includes(letter))).join("");
}

/** A small alphabet is used whole; of a large one only a few letters, so that words meet. */
function someLetters(letters: string, { span }: Profile, choices: Choices): string[] {
  const all = [...letters];
  if (all.length <= Math.max(4, span)) return span === 1 ? all.slice(0, 1) : all;
  const few = Math.max(1, Math.min(span, 4));
  const kinds = kindsOf(letters);
  // The first letters of every kind; half of the time letters from anywhere in it.
  return kinds.flatMap((kind) => {
    const start = choices.below(2) === 0 ? 0 : choices.below(kind.length);
    return Array.from(
      { length: Math.min(few, kind.length) },
      (_, i) => kind[(start + i) % kind.length] ?? "",
    );
  });
}

const kindsKnown = new Map<string, readonly (readonly string[])[]>();

/** Small letters, capitals, digits, others: those that there are. */
function kindsOf(letters: string): readonly (readonly string[])[] {
  let kinds = kindsKnown.get(letters);
  if (kinds === undefined) {
    kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]
      .map((kind) => [...letters].filter((letter) => kind.test(letter)))
      .filter((kind) => kind.length > 0);
    if (kindsKnown.size >= 1000) kindsKnown.clear();
    kindsKnown.set(letters, kinds);
  }
  return kinds;
}

/** Rows of a grid with the letters that the whole grid must hold; other lists as they are. */
export function withLetters(
  list: List,
  values: Value[],
  claims: readonly Claim[],
  choices: Choices,
): Value[] {
  if (list.of.kind !== "scalar" || list.of.type !== "word") return values;
  const { name } = list.of;
  const letters = lettersFor(name, claims);
  const words = values.flatMap((value) => (typeof value === "string" ? [value] : []));
  return letters === undefined ? values : withCounts(words, name, claims, letters, choices);
}

function withCounts(
  words: readonly string[],
  name: string,
  claims: readonly Claim[],
  letters: string,
  choices: Choices,
): string[] {
  const counts = claims.filter((claim) => claim.kind === "holds" && claim.name === name);
  if (counts.length === 0) return [...words];
  const rows = words.map((word) => [...word]);
  const needed = new Set(counts.flatMap((claim) => (claim.kind === "holds" ? [claim.letter] : [])));
  const others = [...letters].filter((letter) => !needed.has(letter));
  const cells = rows.flatMap((row, r) => row.map((_, c) => ({ r, c })));
  const at = ({ r, c }: { r: number; c: number }): string => rows[r]?.[c] ?? "";
  const set = ({ r, c }: { r: number; c: number }, letter: string): void => {
    const row = rows[r];
    if (row) row[c] = letter;
  };
  for (const claim of counts) {
    if (claim.kind !== "holds") continue;
    const here = cells.filter((cell) => at(cell) === claim.letter);
    const free = cells.filter((cell) => !needed.has(at(cell)));
    for (let i = here.length; i > (claim.most ?? here.length) && others.length > 0; i--) {
      const cell = here.splice(choices.below(here.length), 1)[0];
      if (cell) set(cell, others[choices.below(others.length)] ?? "");
    }
    for (let i = here.length; i < claim.least && free.length > 0; i++) {
      const cell = free.splice(choices.below(free.length), 1)[0];
      if (cell) set(cell, claim.letter);
    }
  }
  return rows.map((row) => row.join(""));
}
