import { indentOf, looksLikePython, PythonLines } from "./python-text.ts";

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
}

const FENCE = /^([ \t>]*)(`{3,}|~{3,})[ \t]*([^`\n]*?)[ \t]*$/;
/** A fence after text on its line: prose before an opening one, code before a closing one. */
const LATE_OPENING = /^(.*\S.*?)(`{3,})[ \t]*(python3?|py)[ \t]*$/i;
const LATE_CLOSING = /^(.*[^`\s][ \t]*)(`{3,})[ \t]*$/;

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
  let fence: { mark: string; info: string; indent: number } | null = null;
  let state = new PythonLines();

  const cut = (end: number, closed: boolean): void => {
    found.push({
      start,
      end: Math.max(start, end),
      info: fence?.info ?? null,
      closed,
      indent: fence?.indent ?? 0,
    });
    state = new PythonLines();
  };
  for (const [i, line] of lines.entries()) {
    const match = FENCE.exec(line.text);
    if (match !== null && !isContent(match)) {
      cut(withoutBreak(reply, line.start), true);
      const info = (match[3] ?? "").toLowerCase();
      const opens: boolean = fence === null || info !== "";
      fence = opens ? { mark: match[2] ?? "", info, indent: (match[1] ?? "").length } : null;
      start = line.next;
      continue;
    }
    const late = fence === null ? LATE_OPENING.exec(line.text) : LATE_CLOSING.exec(line.text);
    if (
      late !== null &&
      match === null &&
      state.triple === null &&
      !closesString(late[1] ?? "", fence !== null)
    ) {
      cut(line.start + (late[1] ?? "").length, true);
      fence = fence === null ? { mark: late[2] ?? "", info: (late[3] ?? "").toLowerCase(), indent: 0 } : null;
      start = line.next;
      continue;
    }
    state.take(line.text);

    function isContent(match: RegExpExecArray): boolean {
      const mark = match[2] ?? "";
      // A fence that is shorter, or of the other character, is part of what the open one holds.
      if (fence !== null && (mark[0] !== fence.mark[0] || mark.length < fence.mark.length)) return true;
      if (state.triple === null) return false;
      if (fence === null && !looksLikePython(reply.slice(start, line.start))) return false;
      const deeper = (match[1] ?? "").length > (fence?.indent ?? 0);
      return (deeper || state.tripleIndent === 0) && stringEndsBeforeAFence(state.triple, i + 1, deeper);
    }
  }
  function stringEndsBeforeAFence(quotes: string, from: number, deeper: boolean): boolean {
    const end = lines.findIndex((line, i) => i >= from && line.text.includes(quotes));
    if (end === -1) return false;
    return deeper || fence === null || lines.slice(end).some((line) => FENCE.test(line.text));
  }
  cut(reply.length, false);
  return found;
}

/** Whether the text before a late fence leaves a string or a comment open, so that the fence belongs to it. */
function closesString(before: string, inCode: boolean): boolean {
  if (!inCode) return false;
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
  const text = reply.slice(segment.start, segment.end);
  if (segment.info === null || segment.indent === 0) return text;
  const lines = text.split(/(?<=\n)/);
  const margin = Math.min(segment.indent, ...lines.filter((line) => line.trim() !== "").map(indentOf));
  return lines.map((line) => line.slice(Math.min(margin, indentOf(line)))).join("");
}
