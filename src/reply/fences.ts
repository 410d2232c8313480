import { indentOf, lineKind, looksLikePython, PythonLines } from "./python-text.ts";

/** A stretch of a reply between two code fences, or between one and the reply's beginning or end. */
export interface Segment {
  /** Offsets into the reply, end exclusive; neither fence belongs to it, nor the line break before the second. */
  readonly start: number;
  readonly end: number;
  /** What the fence before it opens: its info string in lower case; null for the text before, between and behind. */
  readonly info: string | null;
  /** A fence follows. */
  readonly closed: boolean;
  /** Indentation of the opening fence, in characters. */
  readonly indent: number;
  /** Marks of quotation (`>`) before the opening fence, which are before its lines too. */
  readonly quotes: number;
}

const FENCE = /^([ \t>]*)(`{3,}|~{3,})([^`]*)$/;
/** A block on one line. */
const ONE_LINE = /^[ \t>]*(`{3,})([\w.+#-]*)[ \t]+([^`].*?)\1[ \t]*$/;

/** Lines to look ahead for the end of a docstring. */
const LONGEST_STRING = 300;

interface Fence {
  readonly mark: string;
  readonly info: string;
  readonly indent: number;
  readonly quotes: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly next: number;
}

/**
 * Cuts a reply at its code fences: backticks or tildes, three or more, any info string, indented or not, the last one
 * perhaps missing. A fence in a docstring of the code is no fence.
 */
export function segments(reply: string): Segment[] {
  const lines = linesOf(reply);
  const found: Segment[] = [];
  let start = 0;
  let fence: Fence | null = null;
  let state = new PythonLines();
  let programSoFar: boolean | null = null;
  const lastFence = lines.findLastIndex((line) => FENCE.test(line.text));

  const cut = (end: number, closed: boolean): void => {
    found.push({
      start,
      end: Math.max(start, end),
      info: fence?.info ?? null,
      closed,
      indent: fence?.indent ?? 0,
      quotes: fence?.quotes ?? 0,
    });
    state = new PythonLines();
    programSoFar = null;
  };
  for (const [i, line] of lines.entries()) {
    const whole = fence === null && state.triple === null ? ONE_LINE.exec(line.text) : null;
    if (whole !== null && isProgramLine(whole[3] ?? "")) {
      cut(withoutBreak(reply, line.start), true);
      fence = { mark: "```", info: (whole[2] ?? "").toLowerCase(), indent: 0, quotes: 0 };
      start = line.start + line.text.lastIndexOf(whole[3] ?? "");
      cut(start + (whole[3] ?? "").length, true);
      fence = null;
      start = line.next;
      continue;
    }
    const match = FENCE.exec(line.text);
    if (match !== null && !isContent(match)) {
      cut(withoutBreak(reply, line.start), true);
      const [, before = "", mark = "", rest = ""] = match;
      const first = codeOnFence(rest);
      const info = rest.slice(0, first).trim().toLowerCase();
      const opens: boolean = fence === null || rest.trim() !== "";
      const quotes = before.replaceAll(/[^>]/g, "").length;
      fence = opens ? { mark, info, indent: before.length, quotes } : null;
      start = first === rest.length ? line.next : line.start + line.text.length - rest.length + first;
      continue;
    }
    const late = match === null && state.triple === null ? lateFence(line.text, fence === null) : null;
    if (late !== null && (fence === null || !leavesStringOpen(line.text.slice(0, late)))) {
      cut(line.start + late, true);
      fence = fence === null ? { mark: "```", info: "python", indent: 0, quotes: 0 } : null;
      start = line.next;
      continue;
    }
    state.take(line.text);

    function isContent(match: RegExpExecArray): boolean {
      const mark = match[2] ?? "";
      // A fence that is shorter, or of the other character, is part of what the open one holds.
      if (fence !== null && (mark[0] !== fence.mark[0] || mark.length < fence.mark.length)) return true;
      if (state.triple === null) return false;
      if (fence === null && !isProgramSoFar(line.start)) return false;
      const deeper = (match[1] ?? "").length > (fence?.indent ?? 0);
      return (deeper || state.tripleIndent === 0) && stringEndsBeforeAFence(state.triple, i + 1, deeper);
    }
  }
  /** Of the text before the first fence; asked once, at the first fence inside a string. */
  function isProgramSoFar(end: number): boolean {
    programSoFar ??= looksLikePython(reply.slice(start, end));
    return programSoFar;
  }
  function stringEndsBeforeAFence(quotes: string, from: number, deeper: boolean): boolean {
    const end = lines.slice(from, from + LONGEST_STRING).findIndex((line) => line.text.includes(quotes));
    if (end === -1) return false;
    return deeper || fence === null || from + end <= lastFence;
  }
  cut(reply.length, false);
  return found;
}

/** Where code begins that shares the line of the fence that opens it; the length of what follows the fence without. */
function codeOnFence(rest: string): number {
  const label = /^[ \t]*(?:(?:python|py)\d*\b|(?=\S))[ \t]*/i.exec(rest)?.[0].length ?? 0;
  const code = rest.slice(label);
  // `title="a.py"` is an attribute.
  const isAttribute = /^\{|^[\w-]+=(?:"[^"]*"|'[^']*'|[\w./-]+)(?:[ \t]|$)/.test(code);
  return !isAttribute && isProgramLine(code) ? label : rest.length;
}

function isProgramLine(line: string): boolean {
  return /\W/.test(line) && lineKind(line) === "strong";
}

/**
 * Where a fence begins that shares its line: an opening one behind prose, which must say python, or a closing one
 * behind the last line of code. null: none.
 */
function lateFence(line: string, opening: boolean): number | null {
  let start = line.lastIndexOf("```");
  if (start <= 0) return null;
  const info = line
    .slice(start + 3)
    .trim()
    .toLowerCase();
  if (opening ? !/^(?:python3?|py)$/.test(info) : info !== "") return null;
  while (line[start - 1] === "`") start -= 1;
  return line.slice(0, start).trim() === "" ? null : start;
}

/** Whether code before a fence leaves a string open, so that the fence is part of it. */
function leavesStringOpen(before: string): boolean {
  const quotes = before.replaceAll(/\\./g, "").match(/["']/g) ?? [];
  return quotes.length % 2 === 1;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const ends = /\r\n|\r|\n/g;
  let start = 0;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    lines.push({ text: text.slice(start, match.index), start, next: ends.lastIndex });
    start = ends.lastIndex;
  }
  if (start < text.length) lines.push({ text: text.slice(start), start, next: text.length });
  return lines;
}

/** The offset before the line break that ends at `offset`. */
function withoutBreak(text: string, offset: number): number {
  if (text.startsWith("\r\n", offset - 2)) return offset - 2;
  return offset > 0 && (text[offset - 1] === "\n" || text[offset - 1] === "\r") ? offset - 1 : offset;
}

/** The code of a segment; of an indented fence without the indentation that all of its lines share with it. */
export function segmentText(reply: string, segment: Segment): string {
  const quoted = reply.slice(segment.start, segment.end);
  const marks = segment.quotes === 0 ? null : new RegExp(`^(?:[ \\t]*> ?){1,${segment.quotes}}`, "gm");
  const text = marks === null ? quoted : quoted.replaceAll(marks, "");
  if (segment.info === null || segment.indent === 0 || segment.quotes > 0) return text;
  const lines = text.split(/(?<=\n)/);
  const margin = Math.min(segment.indent, ...lines.filter((line) => line.trim() !== "").map(indentOf));
  return lines.map((line) => line.slice(Math.min(margin, indentOf(line)))).join("");
}
