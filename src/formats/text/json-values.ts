import { FunprmError } from "../../core/errors.ts";
import { decodeUtf8, MAX_RECORD_BYTES, tooLong } from "./lines.ts";
import type { RawRecord } from "./raw-record.ts";

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** 1 for bytes that neither open nor close anything nor end a line. */
const IS_PLAIN = new Uint8Array(256).fill(1);
for (const byte of [LF, QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT])
  IS_PLAIN[byte] = 0;

/** Follows brackets and strings of JSON byte by byte, which works on UTF-8 because all of them are ASCII. */
export class ValueScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #started = false;

  get isInside(): boolean {
    return this.#depth > 0;
  }

  get inString(): boolean {
    return this.#inString;
  }

  get afterBackslash(): boolean {
    return this.#escaped;
  }

  /** Takes one byte; true when it closes the value that the first bracket opened. */
  closes(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }

  /** What the bytes so far say about the whole text; null: the first line has not ended. */
  firstShape(chunk: Buffer): "lines" | "values" | null {
    for (const byte of chunk) {
      if (!this.#started) {
        if (isBlank(byte) || isBom(byte)) continue;
        if (byte !== OPEN_OBJECT) return byte === OPEN_LIST ? "values" : "lines";
        this.#started = true;
      } else if (byte === LF) return "values";
      if (this.closes(byte)) return "lines";
    }
    return null;
  }
}

/**
 * The objects of a list, or objects one after the other, as their JSON text. Memory: one object.
 * `at.line` is kept at the line being read.
 */
export async function* splitValues(
  bytes: AsyncIterable<Buffer>,
  file: string,
  at: { line: number },
  maxBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<RawRecord> {
  let scanner = new ValueScanner();
  let parts: Buffer[] = [];
  let length = 0;
  let offset = 0;
  let begin = { line: 1, start: 0 };
  let list: "none" | "open" | "closed" = "none";
  let count = 0;
  let afterValue = false;
  const refuse = (message: string, line = at.line): FunprmError =>
    new FunprmError("input", `${file}:${line}: ${message}`);

  for await (const chunk of bytes) {
    if (chunk.includes(0)) throw refuse("expected text, got binary data (a NUL byte). Give a text file.");
    let from = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (scanner.isInside) {
        // Most bytes of a big file, and the class below costs three times as much as this look-up.
        if (IS_PLAIN[byte] === 1 && !scanner.afterBackslash) continue;
        if (byte === LF) {
          if (scanner.inString)
            throw refuse("expected the string to end on its line. Write line breaks as \\n.");
          at.line += 1;
        } else if (scanner.closes(byte)) {
          parts.push(chunk.subarray(from, i + 1));
          length += i + 1 - from;
          if (length > maxBytes) throw tooLong(`${file}:${begin.line}`, maxBytes);
          const joined = Buffer.concat(parts);
          yield {
            text: decodeUtf8(joined, `${file}:${begin.line}`),
            file,
            line: begin.line,
            start: begin.start,
            end: offset + i + 1,
          };
          scanner = new ValueScanner();
          parts = [];
          length = 0;
          count += 1;
          afterValue = true;
        }
      } else if (byte === LF) at.line += 1;
      else if (isBlank(byte) || (offset + i < 3 && isBom(byte))) continue;
      else if (byte === OPEN_OBJECT && list !== "closed" && !(list === "open" && afterValue)) {
        begin = { line: at.line, start: offset + i };
        from = i;
        afterValue = false;
        scanner.closes(byte);
      } else if (byte === OPEN_LIST && list === "none" && count === 0) list = "open";
      else if (byte === CLOSE_LIST && list === "open") list = "closed";
      else if (byte === COMMA && list === "open" && afterValue) afterValue = false;
      else {
        const expected = list === "closed" ? "the end of the file after the list" : "a JSON object";
        const got = JSON.stringify(chunk.subarray(i, i + 20).toString("latin1"));
        throw refuse(`expected ${expected}, got ${got}. Correct or remove it.`);
      }
    }
    if (scanner.isInside) {
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > maxBytes) throw tooLong(`${file}:${begin.line}`, maxBytes);
    }
    offset += chunk.length;
  }
  if (scanner.isInside) {
    throw refuse(
      "expected the JSON object that begins here to end, but the file ends first. It looks cut off.",
      begin.line,
    );
  }
  if (list === "open")
    throw refuse('expected "]" at the end of the list, but the file ends first. It looks cut off.');
  if (count === 0)
    throw new FunprmError("input", `${file}: expected at least one record, got an empty list.`);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LF;
}

function isBom(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
