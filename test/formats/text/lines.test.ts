import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBytes, sourceName, type Source } from "../../../src/formats/text/bytes.ts";
import { type Line, splitLines } from "../../../src/formats/text/lines.ts";
import { all, testFolder } from "../folder.ts";

const folder = testFolder();

function chunked(bytes: Uint8Array, size: number): Readable {
  const chunks: Buffer[] = [];
  for (let i = 0; i < bytes.length; i += size) chunks.push(Buffer.from(bytes.subarray(i, i + size)));
  return Readable.from(chunks, { objectMode: false });
}

/** The lines of a source, gzipped or not. */
async function* readLines(source: Source, maxLineBytes?: number): AsyncGenerator<Line> {
  const name = sourceName(source);
  const at = { line: 1 };
  yield* splitLines(
    readBytes(source, () => `${name}:${at.line}`),
    name,
    at,
    maxLineBytes,
  );
}

const texts = async (source: string | Readable): Promise<[number, string][]> =>
  (await all(readLines(source))).map((line) => [line.number, line.text]);

describe("splitLines", () => {
  it.each([
    ["LF", "a\nb\n"],
    ["CRLF", "a\r\nb\r\n"],
    ["CR", "a\rb\r"],
    ["no last line end", "a\nb"],
    ["a byte order mark", "\uFEFFa\nb\n"],
  ])("reads lines with %s, cut anywhere", async (_, text) => {
    for (let size = 1; size <= 8; size += 1) {
      expect(await texts(chunked(Buffer.from(text), size))).toEqual([
        [1, "a"],
        [2, "b"],
      ]);
    }
  });

  it("leaves blank lines out and counts them", async () => {
    expect(await texts(folder.write("blank.txt", "\n \r\n\r\na\n\nb\n\n"))).toEqual([
      [4, "a"],
      [6, "b"],
    ]);
  });

  it("gives any text back, however chunks and characters cross, packed or not", async () => {
    const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[\r\n\0\uFEFF]/g, "x") + ".");
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (lines, size, pack) => {
          const bytes = Buffer.from(lines.join("\n"));
          const source = chunked(pack ? gzipSync(bytes) : bytes, size);
          expect((await texts(source)).map(([, text]) => text)).toEqual(lines);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("says where a line's bytes are", async () => {
    const text = "\uFEFFfirst\r\n\r\nzwölf\rlast";
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const lines = await all(readLines(chunked(bytes, size)));
      expect(lines.map(({ start, end }) => bytes.subarray(start, end).toString())).toEqual([
        "first",
        "zwölf",
        "last",
      ]);
    }
  });

  it("unpacks gzip by its content, not by its name, and several members as one text", async () => {
    const packed = Buffer.concat([gzipSync("a\nb"), gzipSync("c\nd\n")]);
    expect((await texts(folder.write("packed.txt", packed))).map(([, text]) => text)).toEqual([
      "a",
      "bc",
      "d",
    ]);
    expect((await texts(folder.write("plain.gz", "a\n"))).map(([, text]) => text)).toEqual(["a"]);
    const padded = Buffer.concat([gzipSync("a\n"), Buffer.alloc(512)]);
    expect(await texts(folder.write("padded.gz", padded))).toEqual([[1, "a"]]);
  });

  it("stops reading when its reader stops", async () => {
    const stream = chunked(Buffer.from("a\nb\nc\n"), 2);
    for await (const line of readLines(stream)) {
      expect(line.text).toBe("a");
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it("names the line at which the bytes go wrong", async () => {
    const notUtf8 = folder.write("latin1.txt", Buffer.from("ok\nok\nZürich\n", "latin1"));
    await expect(texts(notUtf8)).rejects.toMatchObject({
      code: "input",
      message: `${notUtf8}:3: expected UTF-8 text, got other bytes. Save the file as UTF-8.`,
    });
    const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => `${i} ${Math.sin(i)}\n`).join(""));
    const seen: string[] = [];
    const cut = folder.write("cut.gz", whole.subarray(0, whole.length - 2000));
    await expect(
      (async () => {
        for await (const line of readLines(cut)) seen.push(line.text);
      })(),
    ).rejects.toThrow(/cut\.gz:\d{4}: expected a whole gzip file, but it is cut off/);
    expect(seen.length).toBeGreaterThan(1000);
  });

  it("refuses a line over the bound without waiting for its end", async () => {
    let asked = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          asked += 1;
          yield Buffer.alloc(1000, "x");
        }
      })(),
    );
    await expect(all(readLines(endless, 5000))).rejects.toThrow(
      "stdin:1: expected a record of at most 5000 bytes",
    );
    expect(asked).toBeLessThan(40);
  });
});
