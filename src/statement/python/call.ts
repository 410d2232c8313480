import { closingBracket } from "./source.ts";
import { readPythonLiteral, type PythonLiteral } from "./literal-text.ts";

interface CallArguments {
  readonly positional: readonly PythonLiteral[];
  readonly keywords: ReadonlyMap<string, PythonLiteral>;
}

export interface ReadCall {
  /** The call as written: `f(1, [2])`. */
  readonly source: string;
  /** undefined when an argument is no literal: `f(range(3))`, `f(g(1))`. */
  readonly args: CallArguments | undefined;
  readonly end: number;
}

/** The call of `name` that starts at `at`, spaces before it skipped; undefined when there is none or it never closes. */
export function readCall(text: string, at: number, name: string): ReadCall | undefined {
  const match = /^\s*/.exec(text.slice(at));
  const start = at + (match?.[0].length ?? 0);
  if (!text.startsWith(name, start) || /\w/.test(text[start - 1] ?? "")) return undefined;
  const open = start + name.length;
  if (text[open] !== "(") return undefined;
  const end = closingBracket(text, open);
  if (end === undefined) return undefined;
  return { source: text.slice(start, end), args: readArguments(text, open + 1, end - 1), end };
}

function readArguments(text: string, from: number, to: number): CallArguments | undefined {
  const positional: PythonLiteral[] = [];
  const keywords = new Map<string, PythonLiteral>();
  let i = from;
  while (text.slice(i, to).trim() !== "") {
    const keyword = /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(text.slice(i, to));
    if (keyword) i += keyword[0].length;
    const read = readPythonLiteral(text, i);
    if (read === undefined || read.end > to) return undefined;
    const name = keyword?.[1];
    if (name !== undefined) keywords.set(name, read.literal);
    else if (keywords.size > 0) return undefined;
    else positional.push(read.literal);
    const separator = /^\s*(?:,|$)/.exec(text.slice(read.end, to));
    if (!separator) return undefined;
    i = read.end + separator[0].length;
  }
  return { positional, keywords };
}
