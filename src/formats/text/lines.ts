import { isUtf8 } from "node:buffer";
import { FunprmError } from "../../core/errors.ts";

/** One line that is not blank. */
export interface Line {
  /** The line without its end. */
  readonly text: string;
  /** Counted from 1, blank lines included. */
  readonly number: number;
  readonly file: string;
  /** Offsets of the line's bytes in the unpacked source, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * The longest record in bytes. LiveCodeBench's problems reach tens of megabytes; what JSON makes of small values takes
 * some twenty times their text, and V8 ends the process, not the parse, when its heap is full.
 */
export const MAX_RECORD_BYTES = 128 * 2 ** 20;

export interface LineOptions {
  /** What messages call the source; default: its path, or stdin. */
  readonly name?: string;
  readonly maxLineBytes?: number;
}

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of an unpacked text, one in memory at a time; `at.line` is kept at the line being read. Line ends are LF,
 * CRLF or CR; the last may be missing; blank lines and a byte order mark are left out.
 * Throws FunprmError("input") naming file and line: binary, not UTF-8, a line over the bound, no line at all.
 */
export async function* splitLines(
  bytes: AsyncIterable<Buffer>,
  file: string,
  at: { line: number },
  maxLineBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let start = 0;
  let afterCr = false;
  let any = false;

  const take = (): Line | null => {
    const joined = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    const hasBom = start === 0 && joined.subarray(0, 3).equals(BOM);
    const begin = start + (hasBom ? 3 : 0);
    const text = decodeUtf8(hasBom ? joined.subarray(3) : joined, `${file}:${at.line}`);
    const line = { text, number: at.line, file, start: begin, end: start + length };
    parts = [];
    start += length;
    length = 0;
    if (text.trim() === "") return null;
    any = true;
    return line;
  };

  for await (const chunk of bytes) {
    let from = 0;
    if (afterCr && chunk.length > 0) {
      afterCr = false;
      if (chunk[0] === LF) {
        from = 1;
        start += 1;
      }
    }
    let lf = chunk.indexOf(LF, from);
    let cr = chunk.indexOf(CR, from);
    while (lf !== -1 || cr !== -1) {
      const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
      parts.push(chunk.subarray(from, end));
      length += end - from;
      if (length > maxLineBytes) throw tooLong(`${file}:${at.line}`, maxLineBytes);
      const line = take();
      if (line !== null) yield line;
      at.line += 1;
      from = end + 1;
      start += 1;
      if (end === cr && chunk[from] === LF) {
        from += 1;
        start += 1;
      } else if (end === cr && from === chunk.length) afterCr = true;
      if (lf !== -1 && lf < from) lf = chunk.indexOf(LF, from);
      if (cr !== -1 && cr < from) cr = chunk.indexOf(CR, from);
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
    }
    if (length > maxLineBytes) throw tooLong(`${file}:${at.line}`, maxLineBytes);
  }
  const line = take();
  if (line !== null) yield line;
  if (!any) throw new FunprmError("input", `${file}: expected at least one record, got an empty text.`);
}

/** UTF-8 bytes as text. Throws FunprmError("input") for binary and for any other encoding. */
export function decodeUtf8(bytes: Buffer, place: string): string {
  if (startsLikeUtf16(bytes)) {
    throw new FunprmError("input", `${place}: expected UTF-8 text, got UTF-16. Save the file as UTF-8.`);
  }
  if (bytes.includes(0)) {
    throw new FunprmError(
      "input",
      `${place}: expected text, got binary data (a NUL byte). Give a text file.`,
    );
  }
  if (!isUtf8(bytes)) {
    throw new FunprmError("input", `${place}: expected UTF-8 text, got other bytes. Save the file as UTF-8.`);
  }
  return bytes.toString("utf8");
}

function startsLikeUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

export function tooLong(place: string, maxBytes: number): FunprmError {
  return new FunprmError(
    "input",
    `${place}: expected a record of at most ${maxBytes} bytes, got a longer one. ` +
      `Put every record on a line of its own (JSON Lines).`,
  );
}
