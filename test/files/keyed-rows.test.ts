import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { KeyedRows } from "../../src/files/keyed-rows.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-rows-"));
  path = join(folder, "rows.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

async function written(rows: readonly (readonly [string, number])[]): Promise<void> {
  const file = await KeyedRows.open(path, number);
  for (const [key, row] of rows) await file.add(key, row);
  await file.close();
}

describe("KeyedRows", () => {
  it("a file cut at any byte gives back the rows whose line is whole, and grows on from there", async () => {
    const rows = [
      ["a", 1],
      ["é\n\u2028", 2],
      ["c", 3],
    ] as const;
    await written(rows);
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (size) => {
        rmSync(path);
        await written(rows);
        truncateSync(path, size);
        const lines = whole.subarray(0, size).filter((byte) => byte === 0x0a).length;
        const cut = await KeyedRows.open(path, number);
        expect([...cut.rows()]).toEqual(rows.slice(0, lines).map(([, row]) => row));
        await cut.add("later", 9);
        await cut.close();
        const again = await KeyedRows.open(path, number);
        expect([...again.rows()]).toEqual([...rows.slice(0, lines).map(([, row]) => row), 9]);
        await again.close();
      }),
      { numRuns: 40 },
    );
  });

  it("a row is the same bytes in the run that made it as in one that was resumed", async () => {
    const schema = z.object({ actual: z.string().exactOptional(), message: z.string() });
    const read = (value: unknown): z.infer<typeof schema> | undefined => schema.safeParse(value).data;
    const made = await KeyedRows.open(path, read);
    await made.add("a", { message: "stopped at the time limit", actual: "" });
    const resumed = await KeyedRows.open(path, read);
    expect(JSON.stringify(made.get("a"))).toBe(JSON.stringify(resumed.get("a")));
    await Promise.all([made.close(), resumed.close()]);
  });

  it("what does not read back counts as not there, and what follows it stays", async () => {
    await written([["a", 1]]);
    appendFileSync(path, '{"key":"b","row":\u0000\n[1]\n{"key":"c","row":"text"}\n{"key":"d","row":4}\n');
    const file = await KeyedRows.open(path, number);
    expect([file.get("a"), file.get("b"), file.get("c"), file.get("d")]).toEqual([
      1,
      undefined,
      undefined,
      4,
    ]);
    await file.close();
  });

  it("a folder that is not there is told with its path", async () => {
    await expect(KeyedRows.open(join(folder, "none", "rows"), number)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("none"),
    });
  });
});
