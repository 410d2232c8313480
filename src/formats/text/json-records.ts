import { readBytes, sourceName, type Source } from "./bytes.ts";
import { splitLines, type LineOptions } from "./lines.ts";
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
  const bytes = readBytes(source, () => `${file}:${at.line}`);
  const { head, shape } = await firstLine(bytes);
  const all = chain(head, bytes);
  try {
    if (shape === "lines") {
      for await (const line of splitLines(all, file, at, options.maxLineBytes)) {
        yield { text: line.text, file, line: line.number, start: line.start, end: line.end };
      }
    } else yield* splitValues(all, file, at, options.maxLineBytes);
  } finally {
    await bytes.return(undefined);
  }
}

interface FirstLine {
  readonly head: readonly Buffer[];
  readonly shape: "lines" | "values";
}

/** JSON Lines unless the text begins with a list, or with an object that its first line does not finish. */
async function firstLine(bytes: AsyncIterator<Buffer>): Promise<FirstLine> {
  const head: Buffer[] = [];
  const scanner = new ValueScanner();
  for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
    head.push(next.value);
    const found = scanner.firstShape(next.value);
    if (found !== null) return { head, shape: found };
  }
  return { head, shape: scanner.isInside ? "values" : "lines" };
}

async function* chain(head: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}
