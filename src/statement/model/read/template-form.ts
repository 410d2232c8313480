import type { Form, Scalar } from "../input-model.ts";
import { withoutMarkup } from "./mathematics.ts";

/** A word of a template: a name with its indices as written, `…`, or a fixed word. */
interface Token {
  readonly base: string;
  readonly indices: readonly string[];
}

/**
 * The form that a statement shows as a template (AtCoder): lines of names, `A_1 … A_N`, lines that repeat down to
 * `u_M v_M`, blocks with a list in each, grids, test cases and queries with a template of their own.
 */
export function templateForm(statement: string): Form | undefined {
  const text = withoutMarkup(statement);
  const found =
    /given (?:from|through|in) (?:the )?Standard Input in the following format[^\n]*\n([^]*?)\n[-#* ]*Output\b/i.exec(
      text,
    )?.[1];
  if (found === undefined) return undefined;
  const [main = "", ...others] = paragraphs(found);
  const scopes = others.filter((each) => !/[a-z]{3,} [a-z]{2,} /i.test(each));
  return new TemplateReader(linesOf(main), scopes.map(linesOf)).read();
}

/** Blocks of template lines; sentences between them (`Each query is given as:`) stand alone and are dropped. */
function paragraphs(text: string): string[] {
  const blocks: string[][] = [[]];
  for (const line of text.split("\n")) {
    const isProse =
      /[a-z]{2,} [a-z]{2,}/i.test(line.replace(/[A-Za-z]+_\{?\w+\}?/g, "")) || /^\s*or:?\s*$/.test(line);
    if (isProse || line.trim() === "") blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^…$|^:$/, "⋮"))
    .filter((line) => line !== "");
}

const TOKEN =
  /\s*(?:(…)|(\d+)(?![\w])|([A-Za-z]+'?)((?:\s*_\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))|(?:\[[^\][]*\])+)?)/y;

function tokensOf(line: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const source = line.trimEnd();
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match || match[0] === "") return undefined;
    const [, dots, literal, base = "", index = ""] = match;
    if (dots !== undefined) tokens.push({ base: "…", indices: [] });
    else if (literal !== undefined) tokens.push({ base: literal, indices: [] });
    else tokens.push({ base, indices: indicesOf(index) });
  }
  return tokens;
}

function indicesOf(text: string): string[] {
  const bare = text.trim().replace(/^_\s*/, "");
  if (bare === "") return [];
  if (bare.startsWith("["))
    return [...bare.matchAll(/\[([^\][]*)\]/g)].map(([, index = ""]) => index.replace(/\s/g, ""));
  return bare.replace(/[{}\s]/g, "").split(",");
}

/** A single subscript that is no number and no count: part of the name (`S_x`). */
function fullName({ base, indices }: Token): string {
  return indices.length === 0 ? base : `${base}_${indices.join("").replace(/\W/g, "")}`;
}

const MANY = /^(?:query|case|test|testcase)$/i;

class TemplateReader {
  readonly #lines: readonly string[];
  readonly #scopes: readonly (readonly string[])[];

  constructor(lines: readonly string[], scopes: readonly (readonly string[])[]) {
    this.#lines = lines;
    this.#scopes = scopes;
  }

  read(): Form | undefined {
    const fields: Form[] = [];
    for (let at = 0; at < this.#lines.length;) {
      const repeat = this.#repeat(at);
      const form = repeat?.form ?? lineForm(this.#lines[at] ?? "");
      if (form === undefined) return undefined;
      fields.push(form);
      at = repeat?.next ?? at + 1;
    }
    return fields.length === 0 ? undefined : { kind: "row", fields, separator: "\n" };
  }

  /** Lines that repeat: a block, perhaps the block once more, `⋮`, the block with its last index. */
  #repeat(at: number): { readonly form: Form; readonly next: number } | undefined {
    const dots = this.#lines.findIndex((line, i) => i > at && line === "⋮");
    if (dots < 0) {
      const next = this.#lines
        .slice(at)
        .findIndex((line, i) => i > 0 && !sameLine(line, this.#lines[at] ?? ""));
      const alike = next < 0 ? this.#lines.slice(at) : this.#lines.slice(at, at + next);
      return alike.length > 1 ? counted(alike, at + alike.length) : undefined;
    }
    for (const size of [1, 2, 3]) {
      const block = this.#lines.slice(at, at + size);
      const last = this.#lines.slice(dots + 1, dots + 1 + size);
      const between = this.#lines.slice(at, dots);
      const fits =
        between.length % size === 0 &&
        last.length === size &&
        between.every((line, i) => sameLine(line, block[i % size] ?? ""));
      if (!fits || !block.every((line, i) => sameLine(line, last[i] ?? ""))) continue;
      const form = this.#block(block, last);
      return form && { form, next: dots + 1 + size };
    }
    return undefined;
  }

  #block(block: readonly string[], last: readonly string[]): Form | undefined {
    const [head] = tokensOf(last[0] ?? "") ?? [];
    const start = Number(tokensOf(block[0] ?? "")?.[0]?.indices[0] ?? "1");
    const index = head?.indices[0];
    if (head === undefined || index === undefined || !Number.isInteger(start)) return undefined;
    const count = start === 1 ? index : start === 0 ? `${index}+1` : `${index}-${String(start - 1)}`;
    if (MANY.test(head.base)) return this.#many(count);
    const forms = block.map((line, i) => lineForm(line, last[i]));
    if (!forms.every((form) => form !== undefined)) return undefined;
    const [only] = forms;
    const of: Form =
      only !== undefined && forms.length === 1 ? only : { kind: "row", fields: forms, separator: "\n" };
    return { kind: "list", name: "", count: cleanCount(count), of, separator: "\n" };
  }

  #many(count: string): Form | undefined {
    const options = this.#scopes.map((lines) => new TemplateReader(lines, []).read());
    if (options.length === 0 || !options.every((form) => form?.kind === "row")) return undefined;
    const rows = options.filter((form) => form?.kind === "row");
    const [first] = rows;
    if (first === undefined) return undefined;
    const of: Form = rows.length === 1 ? first : { kind: "choice", options: rows };
    return { kind: "list", name: "", count: cleanCount(count), of, separator: "\n", scope: true };
  }
}

/** Lines alike without dots: `S_1`, `S_2`, `S_3` below each other. */
function counted(lines: readonly string[], next: number): { form: Form; next: number } | undefined {
  const firsts = lines.map((line) => tokensOf(line)?.[0]?.indices[0]);
  if (firsts.some((index, i) => index !== String(i + Number(firsts[0] ?? "1")))) return undefined;
  const of = lineForm(lines[0] ?? "", lines.at(-1));
  return of && { form: { kind: "list", name: "", count: String(lines.length), of, separator: "\n" }, next };
}

function sameLine(line: string, other: string): boolean {
  const bases = (text: string): string =>
    [
      ...new Set(
        (tokensOf(text) ?? [{ base: text, indices: [] }])
          .filter(({ base }) => base !== "…")
          .map(({ base }) => base),
      ),
    ].join(" ");
  return bases(line) === bases(other);
}

/** The form of one line; with `last`, of a line that repeats and ends so. */
function lineForm(line: string, last?: string): Form | undefined {
  const tokens = tokensOf(line);
  const ends = last === undefined ? tokens : tokensOf(last);
  if (tokens === undefined || ends === undefined || tokens.length === 0) return undefined;
  const outer = last === undefined ? 0 : 1;
  const fields: Form[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined || token.base === "…") return undefined;
    const dots = tokens.findIndex(({ base }, i) => i > at && base === "…");
    const run = listRun(tokens, at, outer);
    if (run > 1 && dots > 0 && dots < at + run) {
      const end = endOf(ends, token.base);
      const list = end && listForm(token, end, outer, isGlued(line, token.base));
      if (list === undefined) return undefined;
      fields.push(list);
    } else if (run > 1 && token.indices.at(-1) === "1" && isGlued(line, token.base)) {
      fields.push(word(token, outer, String(run)));
    } else if (run > 2 && ["0", "1"].includes(token.indices.at(-1) ?? "")) {
      const of = scalar(`${token.base}${"[]".repeat(token.indices.length)}`);
      fields.push({
        kind: "list",
        name: `${token.base}${"[]".repeat(outer)}`,
        count: String(run),
        of,
        separator: " ",
      });
    } else {
      if (/^\d+$/.test(token.base)) fields.push({ kind: "literal", text: token.base });
      else
        fields.push(
          scalar(
            outer === 1 && token.indices.length > 0 ? `${token.base}${"[]".repeat(1)}` : fullName(token),
          ),
        );
      at++;
      continue;
    }
    at += run;
  }
  const [only] = fields;
  return only !== undefined && fields.length === 1 ? only : { kind: "row", fields, separator: " " };
}

/** How many tokens from `at` on are elements of one list: the same base and more indices than the line itself has. */
function listRun(tokens: readonly Token[], at: number, outer: number): number {
  const base = tokens[at]?.base;
  const depth = tokens[at]?.indices.length ?? 0;
  if (depth <= outer && !(outer === 0 && depth === 1)) return 1;
  const end = tokens.findIndex(
    (token, i) => i > at && token.base !== "…" && (token.base !== base || token.indices.length !== depth),
  );
  const run = (end < 0 ? tokens.length : end) - at;
  return tokens[at + run - 1]?.base === "…" ? run - 1 : run;
}

function endOf(ends: readonly Token[], base: string): Token | undefined {
  return ends.findLast((token) => token.base === base);
}

function listForm(first: Token, end: Token, outer: number, glued: boolean): Form | undefined {
  const start = Number(first.indices.at(-1));
  const last = end.indices.at(-1);
  if (last === undefined) return undefined;
  // `D_{1,2} … D_{1,N}`, then one fewer in every row: a triangle, which is no grid.
  if (outer === 1 && (!Number.isInteger(start) || start > 1)) return undefined;
  const from = Number.isInteger(start) ? start : 1;
  // `S_{N,A_N}`: the count of the row's own list is a column of the block.
  const count = from === 1 ? last : from === 0 ? `${last}+1` : `${last}-${String(from - 1)}`;
  const columned = outer === 1 ? count.replace(/([A-Za-z]+)_\{?\w+\}?/g, "$1[]") : count;
  if (glued) return word(first, outer, cleanCount(columned));
  return {
    kind: "list",
    name: `${first.base}${"[]".repeat(outer)}`,
    count: cleanCount(columned),
    of: scalar(`${first.base}${"[]".repeat(outer + 1)}`),
    separator: " ",
  };
}

function word({ base }: Token, outer: number, length: string): Scalar {
  return { kind: "scalar", name: `${base}${"[]".repeat(outer)}`, type: "word", length };
}

function scalar(name: string): Scalar {
  return { kind: "scalar", name, type: "integer" };
}

function isGlued(line: string, base: string): boolean {
  const escaped = base.replace(/\W/g, "\\$&");
  return new RegExp(String.raw`^[^]*?${escaped}\s?_?\s?(?:\{[^}]*\}|\w|(?:\[\w+\])+)(?=${escaped})`).test(
    line,
  );
}

function cleanCount(count: string): string {
  return count
    .replace(/\+1-1$|-1\+1$/, "")
    .replace(/([A-Za-z]+)_(\w+)/g, "$1_$2")
    .replace(/\s/g, "");
}
