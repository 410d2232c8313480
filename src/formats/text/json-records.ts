import { readBytes, sourceName, type Source } from "./bytes.ts";
import { MAX_RECORD_BYTES, splitLines, tooLong, type LineOptions } from "./lines.ts";
import { splitValues, ValueScanner } from "./json-values.ts";
import type { RawRecord } from "./raw-record.ts";

/**
 * The JSON records of a source, gzipped or not: JSON Lines, one list of objects, or objects spread over several
 * lines. One record is in memory at a time. The text is not parsed here.
 * Throws FunprmError("input") naming file and line, as `splitLines` does, and for a source that is not there or cannot be unpacked.
 */
export async function* readRecords(source: Source, options: LineOptions = {}): AsyncGenerator<RawRecord> {
  const file = options.name ?? sourceName(source);
  const at = { line: 1 };
  yield* recordsOf(
    readBytes(source, () => `${file}:${at.line}`),
    file,
    at,
    options.maxLineBytes,
  );
}

/** `readRecords` on bytes already opened; `at.line` is kept at the line being read. */
export async function* recordsOf(
  bytes: AsyncGenerator<Buffer>,
  file: string,
  at: { line: number },
  maxBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<RawRecord> {
  const { head, shape } = await firstLine(bytes, file, maxBytes);
  const all = chain(head, bytes);
  try {
    if (shape === "lines") {
      for await (const line of splitLines(all, file, at, maxBytes)) {
        yield { text: line.text, file, line: line.number, start: line.start, end: line.end };
      }
    } else yield* splitValues(all, file, at, maxBytes);
  } finally {
    await bytes.return(undefined);
  }
}

interface FirstLine {
  readonly head: readonly Buffer[];
  readonly shape: "lines" | "values";
}

/** JSON Lines unless the text begins with a list, or with an object that its first line does not finish. */
async function firstLine(bytes: AsyncIterator<Buffer>, file: string, maxBytes: number): Promise<FirstLine> {
  const head: Buffer[] = [];
  let length = 0;
  const scanner = new ValueScanner();
  for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
    head.push(next.value);
    length += next.value.length;
    const found = scanner.firstShape(next.value);
    if (found !== null) return { head, shape: found };
    if (length > maxBytes) throw tooLong(`${file}:1`, maxBytes);
  }
  return { head, shape: scanner.isInside ? "values" : "lines" };
}

async function* chain(head: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}
