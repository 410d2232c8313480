import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Spool } from "../../src/files/spool.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-spool-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("gives back every group's rows in order, whatever their number and length, and leaves no file", async () => {
  const row = fc.tuple(fc.constantFrom("a", "b", "c"), fc.string({ maxLength: 5000, unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      const spool = await Spool.open<string>();
      const expected = new Map<string, string[]>();
      for (const [group, text] of rows) {
        await spool.add(group, text);
        expected.set(group, [...(expected.get(group) ?? []), text]);
      }
      expect(spool.groups).toEqual([...expected.keys()]);
      for (const [group, texts] of expected) expect(await spool.rowsOf(group)).toEqual(texts);
      expect(await spool.rowsOf("none")).toEqual([]);
      expect(await readdir(folder)).toEqual([]);
      await spool.close();
    }),
    { numRuns: 50 },
  );
});

test("rows may be added behind those that were read, over many blocks", async () => {
  const spool = await Spool.open<{ readonly at: number; readonly text: string }>();
  const text = "x".repeat(50_000);
  for (let at = 0; at < 60; at += 1) {
    await spool.add(String(at % 2), { at, text });
    // Reading writes what waits.
    await spool.rowsOf("none");
  }
  expect((await spool.rowsOf("1")).map(({ at }) => at)).toEqual(
    Array.from({ length: 30 }, (_, at) => 2 * at + 1),
  );
  await spool.close();
});

test("is empty again when its last group is dropped", async () => {
  const spool = await Spool.open<string>();
  await spool.add("a", "x".repeat(3 << 20));
  await spool.add("b", "1");
  await spool.drop("a");
  expect(await spool.rowsOf("a")).toEqual([]);
  expect(await spool.rowsOf("b")).toEqual(["1"]);
  await spool.drop("b");
  await spool.add("a", "2");
  expect(spool.groups).toEqual(["a"]);
  expect(await spool.rowsOf("a")).toEqual(["2"]);
  await spool.close();
});

test("no place for temporary files is told with what to do", async () => {
  vi.stubEnv("TMPDIR", join(folder, "nowhere"));
  await expect(Spool.open()).rejects.toMatchObject({
    code: "input",
    message: expect.stringMatching(/TMPDIR/),
  });
});
