import type { Problem } from "../core/problem.ts";
import { extractCode, looksLikeReply } from "../reply/extract.ts";
import type { RewardItem } from "./item.ts";

/** A program, and where it stands in the text that was sent. */
export interface SentProgram {
  readonly text: string;
  readonly code: string;
  /**
   * Offsets in the text for a span of whole lines of the code. null: none of the span was sent, or the text does not hold
   * the code as it is.
   */
  readonly place: (start: number, end: number) => Span | null;
  /** Characters at the code's beginning that were not sent, but are the problem's. */
  readonly given: number;
  readonly warnings: readonly string[];
}

/** Offsets in UTF-16 code units, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The program of an item. `program` is one as it is. Of a `completion`, a reply's program is taken out; lines whose first
 * is indented continue the problem's starter code; anything else is a program.
 */
export function sentProgram(item: RewardItem, problem: Problem): SentProgram {
  if (item.program !== undefined) return asSent(item.program, item.program, []);
  const text = item.completion ?? "";
  if (looksLikeReply(text)) {
    const { entryPoint } = problem;
    const { code, warnings } = extractCode(text, entryPoint === undefined ? {} : { entryPoint });
    return asSent(text, code, warnings);
  }
  const { starterCode } = problem;
  if (starterCode.trim() === "" || !/^(?:[ \t]*\r?\n)*[ \t]+\S/.test(text)) return asSent(text, text, []);
  const given = starterCode.length;
  return {
    text,
    code: starterCode + text,
    given,
    warnings: [],
    place: (start, end) =>
      end <= given ? null : { start: Math.max(start - given, 0), end: Math.max(end - given, 0) },
  };
}

function asSent(text: string, code: string, warnings: readonly string[]): SentProgram {
  return { text, code, given: 0, warnings, place: placing(text, code) };
}

function placing(text: string, code: string): SentProgram["place"] {
  if (code === "") return () => null;
  const whole = text.lastIndexOf(code);
  // What code blocks lose or win at their end are line breaks.
  const trimmed = whole === -1 ? text.lastIndexOf(code.trimEnd()) : whole;
  if (trimmed !== -1) {
    return (start, end) => ({ start: start + trimmed, end: Math.min(end + trimmed, text.length) });
  }
  const lines = alignedLines(text, code);
  if (lines === undefined) return () => null;
  return (start, end) => {
    const covered = lines.filter((line) => line.code.start >= start && line.code.end <= end);
    const first = covered[0];
    const last = covered.at(-1);
    return first === undefined || last === undefined ? null : { start: first.text.start, end: last.text.end };
  };
}

interface AlignedLine {
  readonly code: Span;
  readonly text: Span;
}

/** Lines of the code, blank ones left out, with those of the text that hold the same; undefined where one is missing. */
function alignedLines(text: string, code: string): AlignedLine[] | undefined {
  const found: AlignedLine[] = [];
  const sent = linesOf(text);
  let at = 0;
  for (const line of linesOf(code)) {
    const content = code.slice(line.start, line.end).trim();
    if (content === "") continue;
    while (at < sent.length && !text.slice(sent[at]?.start, sent[at]?.end).trimEnd().endsWith(content)) {
      at += 1;
    }
    const match = sent[at];
    if (match === undefined) return undefined;
    found.push({ code: line, text: match });
    at += 1;
  }
  return found;
}

/** Lines with their breaks. */
function linesOf(text: string): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start) + 1 || text.length;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}
