import { plainMathematics } from "./bound-expression.ts";
import { templateLayout, proseLayout, type LayoutPart } from "./input-layout.ts";
import {
  LARGEST_LIST,
  LARGEST_SIDE,
  largeColumn,
  largeRows,
  rangeOf,
  scalarIn,
  sizeOf,
  wordLength,
  type Growth,
} from "./large-column.ts";
import { largeWord } from "./large-values.ts";

type Rows = readonly (readonly string[])[];

/** Reads every input by the layout; one layout that explains all of them, or undefined. */
export function stdinLayout(
  statement: string,
  inputs: readonly string[],
): { readonly parts: readonly LayoutPart[]; readonly examples: readonly Rows[][] } | undefined {
  const examples = inputs.map(rowsOf);
  for (const parts of [templateLayout(statement), proseLayout(statement, examples[0] ?? [])]) {
    const read = parts && examples.map((rows) => readRows(parts, rows));
    if (parts && read && read.every((each) => each !== undefined)) return { parts, examples: read };
  }
  return undefined;
}

function rowsOf(input: string): string[][] {
  return input
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
}

/** The rows of each part; undefined when the input does not have this layout. */
function readRows(parts: readonly LayoutPart[], rows: Rows): Rows[] | undefined {
  const environment = new Map<string, number>();
  const read: Rows[] = [];
  let at = 0;
  for (const part of parts) {
    const count = part.kind === "line" || part.kind === "list" ? 1 : sizeOf(part.count, environment);
    if (count === undefined || at + count > rows.length) return undefined;
    const own = rows.slice(at, at + count);
    at += count;
    const width =
      part.kind === "records"
        ? undefined
        : part.kind === "list"
          ? sizeOf(part.count, environment)
          : part.kind === "grid"
            ? part.glued
              ? 1
              : sizeOf(part.columns, environment)
            : part.names.length;
    if (part.kind !== "records" && own.some((row) => row.length !== width)) return undefined;
    if (part.kind === "line")
      part.names.forEach((name, i) => {
        const value = Number(own[0]?.[i]);
        if (name !== "" && Number.isFinite(value)) environment.set(name, value);
      });
    read.push(own);
  }
  return at === rows.length ? read : undefined;
}

/** An input of that layout with sizes at their bounds; undefined where the statement's bounds do not say enough. */
export function largeStdin(
  { parts, examples }: { readonly parts: readonly LayoutPart[]; readonly examples: readonly Rows[][] },
  growth: Growth,
): string | undefined {
  const lines: string[] = [];
  for (const [at, part] of parts.entries()) {
    const seen = examples.map((read) => read[at] ?? []);
    const made = partLines(part, seen, parts, growth);
    if (made === undefined) return undefined;
    for (const line of made) lines.push(line);
  }
  return growth.bounds.holds(growth.environment) ? `${lines.join("\n")}\n` : undefined;
}

function partLines(
  part: LayoutPart,
  seen: readonly Rows[],
  parts: readonly LayoutPart[],
  growth: Growth,
): string[] | undefined {
  const { environment, shape, random } = growth;
  if (part.kind === "line") {
    const words = part.names.map((name, column) =>
      lineValue(
        name,
        seen.map((rows) => rows[0]?.[column] ?? ""),
        parts,
        growth,
      ),
    );
    return words.includes(undefined) ? undefined : [words.join(" ")];
  }
  const count = sizeOf(part.count, environment);
  if (count === undefined) return undefined;
  switch (part.kind) {
    case "list": {
      const lists = seen.map((rows) => rows[0] ?? []);
      const values = areNumbers(lists.flat())
        ? largeColumn(
            part.name,
            lists.map((list) => list.map(Number)),
            count,
            growth,
            part.range,
          )
        : picked(lists.flat(), count, growth);
      return values && [values.join(" ")];
    }
    case "rows": {
      const tables = seen.map((rows) => rows.map((row) => row.map(Number)));
      if (areNumbers(seen.flat(2)))
        return largeRows(part.names, tables, count, growth)?.map((row) => row.join(" "));
      const columns = part.names.map((name, column) => {
        const values = seen.map((rows) => rows.map((row) => row[column] ?? ""));
        return areNumbers(values.flat())
          ? largeColumn(
              name,
              values.map((each) => each.map(Number)),
              count,
              growth,
            )
          : picked(values.flat(), count, growth);
      });
      if (columns.includes(undefined)) return undefined;
      return Array.from({ length: count }, (_, row) => columns.map((column) => column?.[row]).join(" "));
    }
    case "grid": {
      const columns = sizeOf(part.columns, environment);
      if (columns === undefined) return undefined;
      const rows = Array.from({ length: count }, () =>
        part.glued
          ? largeWord(columns, seen.flat(2), shape, random)
          : largeColumn(
              part.name,
              seen.map((each) => each.flat().map(Number)),
              columns,
              growth,
            )?.join(" "),
      );
      return rows.every((row) => row !== undefined) ? rows : undefined;
    }
    case "records": {
      // Queries in the order of the examples, again and again: mostly legal whatever they say.
      const all = (seen.toSorted((a, b) => b.length - a.length)[0] ?? []).map((row) => row.join(" "));
      return all.length === 0
        ? undefined
        : Array.from({ length: count }, (_, i) => all[i % all.length] ?? "");
    }
  }
}

function lineValue(
  name: string,
  seen: readonly string[],
  parts: readonly LayoutPart[],
  growth: Growth,
): string | number | undefined {
  const isWord = new RegExp(`\\b${name}\\b[^.\\n]*\\bstring`).test(plainMathematics(growth.statement));
  if (isWord || !areNumbers(seen)) {
    const length = wordLength(name, growth);
    return length === undefined
      ? undefined
      : largeWord(Math.min(length, LARGEST_LIST), seen, growth.shape, growth.random);
  }
  const uses = (expression: string): boolean => new RegExp(`(?<![A-Za-z])${name}(?!\\w)`).test(expression);
  const countsGrid = parts.some((part) => part.kind === "grid" && (uses(part.count) || uses(part.columns)));
  const counts = countsGrid || parts.some((part) => "count" in part && uses(part.count));
  const range = rangeOf(name, seen.map(Number), growth);
  if (range === undefined) return undefined;
  const value = counts
    ? Math.max(range.low, Math.min(range.high, countsGrid ? LARGEST_SIDE : LARGEST_LIST))
    : scalarIn(range, growth);
  growth.environment.set(name, value);
  return value;
}

function picked(values: readonly string[], count: number, { random }: Growth): string[] {
  return Array.from({ length: count }, () => values[random.below(values.length)] ?? "");
}

function areNumbers(words: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => /^-?\d{1,18}$/.test(word));
}
