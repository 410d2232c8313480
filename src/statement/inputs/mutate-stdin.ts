import type { SeededRandom } from "../../core/seeded-random.ts";
import { alphabetOf, keepsInvariants, listInvariants, pickFrom } from "./invariants.ts";

type Rows = readonly (readonly string[])[];

/**
 * One small change to a stdin input, read as rows of words: an element dropped or doubled together with its count, a
 * number replaced by a neighbour or another of its row, two words exchanged, a letter replaced. Numbers that count
 * (words of a row, rows, letters) change only with what they count. Everything that holds for a row and its
 * neighbours of the same width is kept: sorted, distinct, a permutation, rows that all differ. undefined when the
 * attempt breaks one of these or changes nothing. Trees and other rows that hang together are left alone.
 */
export function mutateStdin(input: string, random: SeededRandom): string | undefined {
  const rows = input
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split(" "));
  if (rows.some((row) => row.includes("")) || rows.length === 0) return undefined; // blank lines, odd spacing
  const mutated = random.below(3) === 0 ? resizedRows(rows, random) : changedRows(rows, random);
  if (mutated === undefined) return undefined;
  const text = `${mutated.map((row) => row.join(" ")).join("\n")}\n`;
  return text === `${input.replace(/\n$/, "")}\n` ? undefined : text;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * Places of numbers that count something. In the first row: words of any row below, rows below, letters of a word. In
 * later rows only what is next to them: the rest of their own row, the row below, the block of rows below;
 * numbers agree by chance too often for more.
 */
function counts(rows: Rows): Place[] {
  return rows.flatMap((row, r) =>
    row.flatMap((word, column) => {
      if (!isInteger(word) || Number(word) < 0) return [];
      const value = Number(word);
      const below = rows.slice(r + 1);
      const near = r === 0 ? below : below.slice(0, 1);
      const leads = r === 0 || (column === 0 && row.length <= 2);
      const isCount =
        (column === 0 && row.length > 1 && row.length === value + 1) ||
        (leads && near.some((each) => each.length === value && value > 1)) ||
        (leads && near.some((each) => each.some((other) => !isInteger(other) && other.length === value))) ||
        (leads && r === 0 && below.length > 0 && Math.abs(value - below.length) <= 2) ||
        (leads && value > 1 && blockBelow(below, value, r === 0));
      return isCount ? [{ row: r, column }] : [];
    }),
  );
}

/** Whether `count` rows of one width follow, at once or (`anywhere`) later, and then another width or the end. */
function blockBelow(rows: Rows, count: number, anywhere: boolean): boolean {
  const widths = rows.map((row) => row.length);
  return widths.some(
    (width, start) =>
      (start === 0 || (anywhere && widths[start - 1] !== width)) &&
      start + count <= widths.length &&
      widths.slice(start, start + count).every((each) => each === width) &&
      widths[start + count] !== width,
  );
}

function changedRows(rows: Rows, random: SeededRandom): Rows | undefined {
  const fixed = new Set(counts(rows).map(({ row, column }) => `${row}:${column}`));
  // A first row holds sizes even where none of them can be seen to count.
  const free = rows.flatMap((row, r) =>
    row.flatMap((_, column) =>
      fixed.has(`${r}:${column}`) || (r === 0 && rows.length > 1) ? [] : [{ row: r, column }],
    ),
  );
  const place = pickFrom(free.length > 0 ? free : rows.length === 1 ? placesOf(rows) : [], random);
  const row = place && rows[place.row];
  const word = place && row?.[place.column];
  if (!place || !row || word === undefined || hangTogether(rows, place.row)) return undefined;
  const changed = [...row];
  const exchange = random.below(3) === 0;
  if (exchange && row.length > 2) {
    const other = random.below(row.length);
    if (fixed.has(`${place.row}:${other}`)) return undefined;
    [changed[place.column], changed[other]] = [row[other] ?? word, word];
  } else {
    changed[place.column] = isInteger(word)
      ? otherNumber(rows, place, random)
      : otherWord(rows, place, random);
  }
  return keepsRows(rows, place.row, changed) ? rows.with(place.row, changed) : undefined;
}

/** A neighbour of the number or another of its kind, never outside the range that its kind has in this input. */
function otherNumber(rows: Rows, { row, column }: Place, random: SeededRandom): string {
  const word = rows[row]?.[column] ?? "0";
  const width = rows[row]?.length ?? 0;
  // Its kind: a long row's other numbers; else its column in the rows of the same width, sizes in the first row apart.
  const alike = rows.filter((each, r) => each.length === width && (r > 0 || row === 0));
  const kind = (width > 3 ? (rows[row] ?? []) : alike.map((each) => each[column] ?? ""))
    .filter(isInteger)
    .map(BigInt);
  const value = BigInt(word);
  const least = kind.reduce((a, b) => (b < a ? b : a), value);
  const most = kind.reduce((a, b) => (b > a ? b : a), value);
  // A number on its own has no kind: one less is as legal as anything, if it stays positive.
  const alone = kind.length <= 1;
  const choices = [value - 1n, value + 1n, pickFrom(kind, random) ?? value].filter(
    (each) => (alone ? each >= 1n || each >= value : each >= least && each <= most) && each !== value,
  );
  return String(pickFrom(choices, random) ?? value);
}

/**
 * One letter replaced by another, the length kept. In words with signs (`#..S`) only by one that occurs, and none
 * that occurs just once: a start or a goal must stay the only one.
 */
function otherWord(rows: Rows, { row, column }: Place, random: SeededRandom): string {
  const word = rows[row]?.[column] ?? "";
  const words = rows.flat().filter((each) => !isInteger(each));
  const at = random.below(word.length);
  const letter = word.charAt(at);
  if (words.some((each) => /[^a-z0-9]/i.test(each))) {
    const all = words.join("").split("");
    const repeated = [...new Set(all)].filter((each) => all.indexOf(each) !== all.lastIndexOf(each));
    if (!repeated.includes(letter)) return word;
    return word.slice(0, at) + (pickFrom(repeated, random) ?? letter) + word.slice(at + 1);
  }
  const same = alphabetOf(words).filter((each) => letterKind(each) === letterKind(letter));
  return word.slice(0, at) + (pickFrom(same, random) ?? letter) + word.slice(at + 1);
}

function letterKind(letter: string): string {
  return /[a-z]/.test(letter)
    ? "lower"
    : /[A-Z]/.test(letter)
      ? "upper"
      : /\d/.test(letter)
        ? "digit"
        : "sign";
}

/** `n` and a row (or several) of n words: one word more or less in each. Only when n counts nothing else. */
function resizedRows(rows: Rows, random: SeededRandom): Rows | undefined {
  const place = pickFrom(counts(rows), random);
  if (!place || place.row !== 0) return undefined;
  const head = rows[0] ?? [];
  const size = Number(head[place.column]);
  if (head.filter((word) => Number(word) === size).length > 1) return undefined;
  const wide = rows.flatMap((row, r) => (r > 0 && row.length === size ? [r] : []));
  const body = rows.slice(1);
  const longer = random.below(2) === 0;
  const next = longer ? size + 1 : size - 1;
  if (next < 1) return undefined;
  const newHead = head.with(place.column, String(next));
  const at = random.below(size);
  if (
    wide.length > 0 &&
    size > 1 &&
    body.length !== size &&
    (head.length === 1 || wide.length === body.length)
  ) {
    const resized = body.map((row) => (row.length === size ? resizedRow(row, at, longer) : row));
    const kept = resized.every((row, r) => row.length !== next || keepsRows(body, r, row));
    return kept ? [newHead, ...resized] : undefined;
  }
  const isRows =
    wide.length === 0 &&
    body.length === size &&
    head.length === 1 &&
    new Set(body.map((row) => row.length)).size === 1;
  if (!isRows || hangTogether(rows, 1)) return undefined;
  const words = new Set(body.map((row) => row.join(" ")));
  if (longer && words.size === body.length) return undefined;
  return [newHead, ...resizedRow(body, at, longer)];
}

function resizedRow<T>(row: readonly T[], at: number, longer: boolean): T[] {
  return row.flatMap((item, index) => (index === at ? (longer ? [item, item] : []) : [item]));
}

/** Rows of pairs that number one less than something above are the edges of a tree. */
function hangTogether(rows: Rows, row: number): boolean {
  const width = rows[row]?.length ?? 0;
  const alike = rows.filter((each, r) => r > 0 && each.length === width).length;
  if (width < 2 || width > 3 || alike < 2) return false;
  return rows.some(
    (each, r) => r < row && each.some((word) => isInteger(word) && Number(word) === alike + 1),
  );
}

function keepsRows(rows: Rows, at: number, changed: readonly string[]): boolean {
  const old = rows[at] ?? [];
  const alike = rows.filter((row) => row.length === old.length);
  const group = alike.map(valuesOf);
  if (
    old.length > 1 &&
    !keepsInvariants(valuesOf(changed), listInvariants(old.length > 3 ? [valuesOf(old)] : group))
  )
    return false;
  const texts = alike.map((row) => row.join(" "));
  const distinct = texts.length > 1 && new Set(texts).size === texts.length;
  return !distinct || !texts.some((text) => text === changed.join(" "));
}

function valuesOf(row: readonly string[]): (number | string)[] {
  return row.map((word) => (isInteger(word) ? Number(word) : word));
}

function placesOf(rows: Rows): Place[] {
  return rows.flatMap((row, r) => row.map((_, column) => ({ row: r, column })));
}

function isInteger(word: string): boolean {
  return /^-?\d+$/.test(word);
}
