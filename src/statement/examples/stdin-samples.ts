import type { TestCase } from "../../core/problem.ts";

type Heading =
  | { readonly side: "input" | "output"; readonly rest: string }
  /** `Examples`, `Sample 1`: below it, plain `Input` and `Output` are headings of samples. */
  | { readonly side: "section" }
  /** `Note`, `Explanation`, `Constraints`: what follows belongs to no sample. */
  | { readonly side: "other" };

/**
 * The samples of a stdin problem: a heading for the input, the input, a heading for the output, the output.
 * Headings are AtCoder's `Sample Input 1`, Codeforces' `Input` and `Output` below `Examples`, and what people make of
 * them (`Sample Input 1:`, `-----Sample Input-----`, `### Input`, `Example Input:`).
 */
export function stdinSamples(statement: string): TestCase[] {
  const lines = statement.replace(/\r\n?/g, "\n").replace(GLUED, "$1\n").split("\n");
  const tests: TestCase[] = [];
  let inSection = false;
  let input: string | undefined;
  let fenced = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? undefined : headingOf(line, inSection);
    if (heading === undefined) continue;
    if (heading.side === "section") inSection = true;
    if (heading.side === "section" || heading.side === "other") continue;
    const body = [...(heading.rest === "" ? [] : [heading.rest]), ...bodyBelow(lines, i + 1, inSection)];
    if (heading.side === "input") {
      input = (fencedPart(body) ?? withoutDoubling(trimmed(body))).join("\n");
    } else if (input !== undefined) {
      tests.push({ type: "stdio", input: ended(input), output: ended(outputPart(body).join("\n")) });
      input = undefined;
    }
  }
  return tests;
}

/** A heading that a lost line end has glued to the sentence before it. */
const GLUED = /(\S)(?=(?:Sample|Example) (?:Input|Output)(?: \d+)?:?[^\S\n]*$)/gm;

const NUMBER = String.raw`(?:\s*(?:#|no\.?)?\s*\d+)?`;
const SAMPLE_SIDE = new RegExp(
  String.raw`^(?:samples?|examples?)${NUMBER}\s*[-:]?\s*(?:test\s+)?(input|output)s?${NUMBER}\s*(?::\s*(.*))?$`,
  "i",
);
const NUMBERED_SIDE = /^(input|output)\s*#?\d+\s*(?::\s*(.*))?$/i;
const PLAIN_SIDE = /^(?:standard\s+)?(input|output)s?\s*(?::\s*(.*))?$/i;
const SECTION = new RegExp(
  String.raw`^(?:samples?|examples?)(?:\s+(?:tests?|cases?|test cases?))?${NUMBER}\s*:?$`,
  "i",
);
const OTHER =
  /^(?:notes?|explanations?|constraints?|scoring|hints?|remarks?|clarifications?)(?:\s+\d+)?\s*(?::.*)?$/i;

function headingOf(line: string, inSection: boolean): Heading | undefined {
  const text = line
    .trim()
    // Marks before and after the words. A run is looked at from its start only: ruled lines and tables are long.
    .replace(/^[#*=\-_>][#*=\-_>\s]*|(?<![#*=\-_\s])[#*=\-_\s]+$/g, "")
    .replace(/\*\*:?/g, "");
  const side =
    SAMPLE_SIDE.exec(text) ?? NUMBERED_SIDE.exec(text) ?? (inSection ? PLAIN_SIDE.exec(text) : null);
  if (side) {
    return { side: side[1]?.toLowerCase() === "input" ? "input" : "output", rest: side[2]?.trim() ?? "" };
  }
  if (SECTION.test(text)) return { side: "section" };
  return OTHER.test(text) ? { side: "other" } : undefined;
}

/** Lines up to the next heading; a heading inside a fence is text. */
function bodyBelow(lines: readonly string[], from: number, inSection: boolean): string[] {
  let fenced = false;
  let end = from;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    else if (!fenced && headingOf(line, inSection) !== undefined) break;
  }
  return lines.slice(from, end);
}

function fencedPart(body: readonly string[]): string[] | undefined {
  const open = body.findIndex((line) => line.trim() !== "");
  if (!/^\s*(?:```|~~~)/.test(body[open] ?? "")) return undefined;
  const close = body.findIndex((line, index) => index > open && /^\s*(?:```|~~~)\s*$/.test(line));
  return body.slice(open + 1, close < 0 ? body.length : close);
}

/** A sentence: words and a full stop. Seen right below an output of nothing. */
const PROSE = /[a-z]{2,} [a-z]{2,} .*\.\s*$/i;

/**
 * The output is the first paragraph below its heading; explanations follow after a blank line. Where the output is
 * empty, only blank lines tell: three, or two and then a sentence.
 */
function outputPart(body: readonly string[]): string[] {
  const fence = fencedPart(body);
  if (fence) return fence;
  const start = body.findIndex((line) => line.trim() !== "");
  if (start < 0 || start > 2 || (start === 2 && PROSE.test(body[start] ?? ""))) return [];
  const length = body.slice(start).findIndex((line) => line.trim() === "");
  return body.slice(start, length < 0 ? body.length : start + length).map((line) => line.trimEnd());
}

/** Some collections put a blank line after every line of the input; then, and only then, the blank lines go. */
function withoutDoubling(lines: readonly string[]): string[] {
  const doubled =
    lines.length >= 3 && lines.every((line, index) => (line.trim() === "") === (index % 2 === 1));
  return doubled ? lines.filter((_, index) => index % 2 === 0) : [...lines];
}

function trimmed(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.trim() !== "");
  if (start < 0) return [];
  const end = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(start, end + 1).map((line) => line.trimEnd());
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
