import { plainMathematics, evaluate } from "./bound-expression.ts";
import {
  LARGEST_LIST,
  LARGEST_SIDE,
  largeColumn,
  largeRows,
  rangeOf,
  scalarIn,
  wordLength,
  type Growth,
} from "./large-column.ts";
import { largeWord } from "./large-values.ts";

/** Arguments with lists and words at their bounds; undefined for values of other kinds and without bounds. */
export function largeCall(
  names: readonly string[],
  examples: readonly (readonly unknown[])[],
  growth: Growth,
): unknown[] | undefined {
  const columns = names.map((_, at) => examples.map((args) => args[at]));
  const text = plainMathematics(growth.statement);
  const lists = names.filter((_, at) => !columns[at]?.every(isNumber));
  const made = new Map<string, unknown>();
  // Numbers first, since lengths may hang on them (`edges.length == n - 1`), and once more when lengths are known.
  const scalars = (): void => {
    names.forEach((name, at) => {
      const seen = columns[at] ?? [];
      if (!seen.every(isNumber)) return;
      const range = rangeOf(name, seen, growth);
      if (range === undefined) return;
      const isSize = new RegExp(`\\.length == [^\\n,.]*\\b${name}\\b`).test(text);
      const value = isSize ? Math.min(range.high, LARGEST_LIST) : scalarIn(range, growth);
      growth.environment.set(name, value);
      made.set(name, value);
    });
  };
  scalars();
  const fixed = new Set(names.filter((name) => new RegExp(`\\.length == [^\\n,.]*\\b${name}\\b`).test(text)));
  for (const name of names) if (made.has(name) && !fixed.has(name)) growth.environment.delete(name);
  for (const name of lists) {
    const at = names.indexOf(name);
    const twin = lists.find(
      (other) => made.has(other) && sameLengths(columns[names.indexOf(other)], columns[at]),
    );
    const value = grown(
      name,
      columns[at] ?? [],
      twin === undefined ? undefined : lengthOf(made.get(twin)),
      text,
      growth,
    );
    if (value === undefined) return undefined;
    made.set(name, value);
  }
  scalars();
  if (!growth.bounds.holds(growth.environment)) return undefined;
  return names.every((name) => made.has(name)) ? names.map((name) => made.get(name)) : undefined;
}

function grown(
  name: string,
  seen: readonly unknown[],
  twinLength: number | undefined,
  text: string,
  growth: Growth,
): unknown {
  const words = seen.filter((value) => typeof value === "string");
  const lists: (readonly unknown[])[] = seen.filter((value) => Array.isArray(value));
  const isGrid = lists.flat().length > 0 && lists.flat().every(Array.isArray) && !hasFixedWidth(lists);
  const wanted =
    lengthBound(name, text, growth) ??
    (words.length > 0 ? wordLength(name, growth) : undefined) ??
    twinLength ??
    proseBound(text);
  if (wanted === undefined) return undefined;
  const length = Math.min(wanted, isGrid ? LARGEST_SIDE : LARGEST_LIST);
  setLength(name, length, text, growth);
  if (words.length === seen.length) return largeWord(length, words, growth.shape, growth.random);
  if (lists.length < seen.length) return undefined;
  const cells = lists.flat();
  if (cells.every(isNumber))
    return largeColumn(
      elementName(name, growth),
      lists.map((list) => list.map(Number)),
      length,
      growth,
    );
  if (cells.every((cell) => typeof cell === "string")) {
    const most = growth.bounds.of(`${name}[].length`, growth.environment).high;
    const room = Math.max(1, Math.floor(LARGEST_LIST / length));
    const each = Math.min(most ?? Math.max(...cells.map((cell) => cell.length)), room);
    return Array.from({ length }, () => largeWord(each, cells, growth.shape, growth.random));
  }
  const rows: (readonly unknown[])[] = cells.filter((cell) => Array.isArray(cell));
  if (rows.length < cells.length || !rows.flat().every(isNumber)) return undefined;
  if (!isGrid) {
    const tables = lists.map((list) => list.map((row) => (Array.isArray(row) ? row.map(Number) : [])));
    return largeRows(columnNames(name, rows[0]?.length ?? 0, text), tables, length, growth);
  }
  const width = lengthBound(`${name}[]`, text, growth);
  if (width === undefined) return undefined;
  const side = Math.min(width, LARGEST_SIDE);
  setLength(`${name}[]`, side, text, growth);
  const numbers = rows.map((row) => row.map(Number));
  return Array.from({ length }, () => largeColumn(`${name}[][]`, [numbers.flat()], side, growth));
}

/** `nums.length == n` gives n to the rest, or takes it from there. */
function setLength(name: string, length: number, text: string, { environment }: Growth): void {
  environment.set(`${name}.length`, length);
  const escaped = `${name}.length`.replaceAll(/[[\].]/g, "\\$&");
  const alias = new RegExp(`\\b([a-z]) == ${escaped}|${escaped} == ([a-z])\\b`).exec(text);
  const other = alias?.[1] ?? alias?.[2];
  if (other !== undefined && !environment.has(other)) environment.set(other, length);
}

function lengthBound(name: string, text: string, { bounds, environment }: Growth): number | undefined {
  const escaped = `${name}.length`.replaceAll(/[[\].]/g, "\\$&");
  const equal = new RegExp(`(?<![\\w.])${escaped} == ([^\\n,<=]+)`).exec(text)?.[1];
  const exact = equal === undefined ? undefined : evaluate(equal, environment);
  return exact ?? bounds.of(`${name}.length`, environment).high;
}

/** `at most 5000 members`, `1 to 10000 trees`, where a statement bounds its only sizes so. */
function proseBound(text: string): number | undefined {
  const bound = /\b(?:at most|up to|\d+ to) (\d[\d*^ ]*?) [a-z]/.exec(text)?.[1];
  return bound === undefined ? undefined : evaluate(bound, new Map());
}

/** `0 <= hours[i]`, or `1 <= page` for the elements of `pages`. */
function elementName(name: string, { bounds, environment }: Growth): string {
  const own = `${name}[]`;
  return bounds.of(own, environment).high === undefined ? name.replace(/s$/, "") : own;
}

/** `queries[i] = [l_i, r_i]`: the columns' own names. */
function columnNames(name: string, width: number, text: string): string[] {
  const shown = new RegExp(`\\b${name}\\[\\] ==? \\[([^\\]\\n]*(?:\\[\\][^\\]\\n]*)*)\\]`).exec(text)?.[1];
  const found = shown?.split(",").map((each) => each.trim().replace(/^(\w+?)_?i$/, "$1[]")) ?? [];
  return found.length === width ? found : Array.from({ length: width }, () => `${name}[][]`);
}

function hasFixedWidth(lists: readonly (readonly unknown[])[]): boolean {
  const widths = new Set(lists.flat().map((row) => (Array.isArray(row) ? row.length : 0)));
  const heights = new Set(lists.map((list) => list.length));
  const [width = 0] = widths;
  return widths.size === 1 && width >= 2 && width <= 4 && (heights.size > 1 || lists[0]?.length !== width);
}

function sameLengths(one: readonly unknown[] | undefined, two: readonly unknown[] | undefined): boolean {
  return one !== undefined && one.every((value, i) => lengthOf(value) === lengthOf(two?.[i]));
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === "string" || Array.isArray(value) ? value.length : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}
