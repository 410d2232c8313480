import { plainMathematics } from "./bound-expression.ts";
import type { Range } from "./large-values.ts";

/** A number of rows or of words in a row: an expression in names that come before it (`N`, `N-1`). */
type Count = string;

/** A part of a stdin input, in plain mathematics. */
export type LayoutPart =
  /** One line of different values, numbers or words. */
  | { readonly kind: "line"; readonly names: readonly string[] }
  /** One line of `count` values of one kind. */
  | { readonly kind: "list"; readonly name: string; readonly count: Count; readonly range?: Range }
  /** `count` lines, each with a value for every name. */
  | { readonly kind: "rows"; readonly names: readonly string[]; readonly count: Count }
  /** `count` lines of `columns` values of one kind; `glued` without blanks between them. */
  | {
      readonly kind: "grid";
      readonly name: string;
      readonly count: Count;
      readonly columns: Count;
      readonly glued: boolean;
    }
  /** `count` lines that need not be alike: queries. */
  | { readonly kind: "records"; readonly count: Count };

/**
 * The layout that a statement shows as a template (AtCoder): a line of names, `A_1 ... A_N`, lines that repeat down to
 * `u_M v_M`. undefined when there is none or one that says more than this.
 */
export function templateLayout(statement: string): LayoutPart[] | undefined {
  const template = /given from Standard Input in the following format:?\s*\n([^]*?)\n\s*(?:\n|Output)/i.exec(
    statement,
  )?.[1];
  if (template === undefined) return undefined;
  const lines = template
    .split("\n")
    .map((line) => line.replace(/\\(?:ldots|dots|cdots)|…|\.\.\./g, " ").trim())
    .filter((line) => line !== "");
  const parts: LayoutPart[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const from = lines.findIndex((each, i) => i > at && /^(?:\\vdots|:|⋮|\s)$/.test(each));
    const repeats = from > at && lines.slice(at + 1, from).every((each) => sameNames(each, line));
    const last = repeats ? lines[from + 1] : undefined;
    const part = last === undefined ? singleLine(line) : repeatedLine(line, last);
    if (part === undefined) return undefined;
    parts.push(part);
    if (last !== undefined) at = from + 1;
  }
  return parts.length === 0 ? undefined : parts;
}

/** `A_{12}`: the name before the index, and the index. Names without an index have "". */
function indexed(word: string): { readonly name: string; readonly index: string } {
  const match = /^(?:\\(?:text|mathrm|rm)\{)?\s*([A-Za-z]+)\}?\s*_\s*(?:\{([^{}]*)\}|(\w))$/.exec(word);
  const index = match?.[2] ?? match?.[3] ?? "";
  // `S_x`: a letter that counts nothing is part of the name.
  return match && !/^[a-z]$/.test(index) ? { name: match[1] ?? "", index } : { name: word, index: "" };
}

function wordsOf(line: string): string[] {
  return line
    .replaceAll(/\}(?=[A-Za-z]+_\{)/g, "} ")
    .split(/\s+/)
    .filter(Boolean);
}

function sameNames(line: string, other: string): boolean {
  return bareNames(line) === bareNames(other);
}

function bareNames(line: string): string {
  return wordsOf(line)
    .map((word) => indexed(word).name)
    .join(" ");
}

function singleLine(line: string): LayoutPart | undefined {
  const words = wordsOf(line).map(indexed);
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (words.every(({ name, index }) => index === "" && /^\w+$/.test(name)))
    return { kind: "line", names: words.map(({ name }) => name) };
  const isList = words.length > 1 && words.every(({ name }) => name === first.name);
  if (isList && first.index === "1" && !last.index.includes(","))
    return { kind: "list", name: `${first.name}[]`, count: plainMathematics(last.index) };
  // `x_1 y_1 x_2 y_2`: different values after all, each with its number.
  return undefined;
}

function repeatedLine(line: string, last: string): LayoutPart | undefined {
  const words = wordsOf(line).map(indexed);
  const ends = wordsOf(last).map(indexed);
  const [first] = words;
  const [end] = ends;
  if (first === undefined || end === undefined || ends.some(({ index }) => index === "")) return undefined;
  if (/^query|^Query/.test(first.name)) return { kind: "records", count: plainMathematics(end.index) };
  if (first.index.includes(",")) {
    const [count = "", columns = ""] = (ends.at(-1)?.index ?? "").split(",").map((each) => each.trim());
    const glued = !/\s/.test(line.replaceAll(/ +(?=[A-Za-z]+_\{\d,W\}|$)/g, "").trim());
    return { kind: "grid", name: `${first.name}[][]`, count, columns, glued };
  }
  if (ends.some(({ index }) => index !== end.index) || words.some(({ index }) => index !== "1"))
    return undefined;
  return {
    kind: "rows",
    names: words.map(({ name }) => `${name}[]`),
    count: plainMathematics(end.index),
  };
}

/**
 * The layout that a statement tells in sentences: `The first line holds n and m (...). Each of the next m lines holds
 * ...`. `rows` are the words of an example's lines, which tell a list from different values.
 */
export function proseLayout(
  statement: string,
  rows: readonly (readonly string[])[],
): LayoutPart[] | undefined {
  const section = /(?:^|\n)[-#* ]*Input[-#:* ]*\n([^]*?)(?=\n[-#* ]*(?:Output|Example)\b)/.exec(
    statement,
  )?.[1];
  if (section === undefined) return undefined;
  const parts: LayoutPart[] = [];
  const known = new Map<string, number>();
  let at = 0;
  for (const match of section.matchAll(
    /\b(?:(?:next|last|following|remaining) (\w+) lines|(?:first|second|third|fourth|next|only|single|last)(?: and only)? (?:input )?line)\b((?:\.\.+|[^(.])*)/gi,
  )) {
    const [, repeated, words = ""] = match;
    const text = words.replaceAll("_", " _ ");
    const row = rows[at] ?? [];
    if (repeated !== undefined) {
      const count = known.get(repeated);
      if (count === undefined) return undefined;
      const names = namesIn(text);
      const width = (rows[at] ?? []).length;
      const fitting = names.length === width ? names : Array.from({ length: width }, () => "");
      parts.push({ kind: "rows", names: fitting.map((name) => `${name}[]`), count: repeated });
      at += count;
      continue;
    }
    const size = [...known].find(
      ([name, value]) => row.length === value && new RegExp(`\\b${name}\\b`).test(text),
    );
    if (size !== undefined && row.length > 1) {
      const [, low, high] = /\bbetween (\d+) and (\d+)/.exec(text) ?? [];
      parts.push({
        kind: "list",
        name: `${/([A-Za-z])_/.exec(words)?.[1] ?? ""}[]`,
        count: size[0],
        ...(high === undefined ? {} : { range: { low: Number(low), high: Number(high) } }),
      });
    } else {
      const names = namesIn(text);
      const fitting = names.length === row.length ? names : row.map(() => "");
      parts.push({ kind: "line", names: fitting });
      fitting.forEach((name, i) => {
        if (name !== "" && /^\d+$/.test(row[i] ?? "")) known.set(name, Number(row[i]));
      });
    }
    at++;
  }
  return at === rows.length && parts.length > 0 ? parts : undefined;
}

/** Names in a sentence: single letters that are no article, alone or in a code span (`u v d`). */
function namesIn(text: string): string[] {
  const plain = text.replace(/[$`\\]/g, " ").replace(/_\{?[ij]\}?/g, "");
  return [...plain.matchAll(/(?<![\w'])([b-zA-Z])(?![\w'])/g)].flatMap(([, name]) => name ?? []);
}
