import { Readable } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementTexts, fieldTexts, parseObject } from "../../../src/formats/text/json-text.ts";
import { readRecords } from "../../../src/formats/text/json-records.ts";
import { all } from "../folder.ts";

function chunked(text: string, size: number): Readable {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
  return Readable.from(chunks, { objectMode: false });
}

const records = fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), {
  minLength: 1,
  maxLength: 5,
});

describe("readRecords", () => {
  it.each<[string, (rows: object[]) => string, (rows: object[]) => object[]]>([
    ["lines", (rows) => rows.map((row) => JSON.stringify(row)).join("\n"), (rows) => rows],
    ["a list", (rows) => JSON.stringify(rows), (rows) => rows],
    ["a pretty-printed list", (rows) => JSON.stringify(rows, null, 2), (rows) => rows],
    [
      "pretty-printed objects",
      (rows) => rows.map((row) => JSON.stringify({ row }, null, 2)).join("\n"),
      (rows) => rows.map((row) => ({ row })),
    ],
    [
      "one pretty-printed object with a mark and CRLF",
      (rows) => `\uFEFF${JSON.stringify({ rows }, null, 2).replaceAll("\n", "\r\n")}`,
      (rows) => [{ rows }],
    ],
  ])("reads %s, cut anywhere, and says where each record's bytes are", async (_, write, expected) => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const plain: object[] = JSON.parse(JSON.stringify(rows));
        const text = write(plain);
        const found = await all(readRecords(chunked(text, size)));
        expect(found.map((record) => JSON.parse(record.text) as unknown)).toEqual(expected(plain));
        const bytes = Buffer.from(text);
        for (const record of found)
          expect(bytes.subarray(record.start, record.end).toString()).toBe(record.text);
      }),
      { numRuns: 60 },
    );
  });

  it("says on which line a record of a list begins", async () => {
    const found = await all(readRecords(chunked('[\n  {"a": 1},\n  {\n "b": "}]"\n},\n\n {"c": 3}]\n', 3)));
    expect(found.map(({ line }) => line)).toEqual([2, 3, 7]);
  });

  it("reads a list of many megabytes with little memory at a time", async () => {
    const row = JSON.stringify({ code: "x".repeat(100_000) });
    let held = 0;
    const source = Readable.from(
      (function* () {
        yield Buffer.from("[");
        for (let i = 0; i < 1000; i += 1) yield Buffer.from(i === 0 ? row : `,${row}`);
        yield Buffer.from("]");
      })(),
    );
    let count = 0;
    for await (const record of readRecords(source)) {
      count += 1;
      expect(record.text.length).toBe(row.length);
      held = Math.max(held, process.memoryUsage().arrayBuffers);
    }
    expect(count).toBe(1000);
    expect(held).toBeLessThan(150_000_000);
  });
});

describe("JSON as it is written", () => {
  it("finds the text of every field and element", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, 2),
        (object, indent) => {
          const plain: Record<string, unknown> = JSON.parse(JSON.stringify(object));
          const texts = fieldTexts(JSON.stringify(plain, null, indent));
          expect(
            Object.fromEntries([...texts].map(([key, text]) => [key, JSON.parse(text) as unknown])),
          ).toEqual(plain);
          const list = Object.values(plain);
          expect(
            elementTexts(JSON.stringify(list, null, indent)).map((text) => JSON.parse(text) as unknown),
          ).toEqual(list);
        },
      ),
    );
  });

  it("keeps numbers as they are written", () => {
    const fields = fieldTexts(
      '{"args": [1.0, 123456789012345678901, -Infinity , "a,]\\\\"],"expected":1e2 }',
    );
    expect(fields.get("expected")).toBe("1e2");
    expect(elementTexts(fields.get("args") ?? "")).toEqual([
      "1.0",
      "123456789012345678901",
      "-Infinity",
      '"a,]\\\\"',
    ]);
    expect(elementTexts("[ ]")).toEqual([]);
    expect(elementTexts("[[],{}]")).toEqual(["[]", "{}"]);
  });

  it("reads Python's constants only where they are allowed, and never inside strings", () => {
    const text = '{"a": [NaN, Infinity, -Infinity], "b": "NaN \\" Infinity"}';
    expect(parseObject(text, "f:1", { python: true })).toEqual({
      a: [null, Infinity, -Infinity],
      b: 'NaN " Infinity',
    });
    expect(() => parseObject(text, "f:1")).toThrow(
      /f:1: expected a JSON object.*NaN and Infinity are no JSON/s,
    );
  });

  it("keeps a field named __proto__ a field", () => {
    const object = parseObject('{"__proto__": {"polluted": true}}', "f:1");
    expect(Object.keys(object)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });
});
