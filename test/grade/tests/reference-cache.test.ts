import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReferenceCache } from "../../../src/grade/tests/reference-cache.ts";

const ANSWERS = { lines: ["1"], cpuMs: 2, memoryKb: 3 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-references-"));
});
afterEach(async () => rm(folder, { recursive: true }));

test("answers are computed once, and again when the entry cannot be read", async () => {
  let computed = 0;
  const compute = () => Promise.resolve({ ...ANSWERS, cpuMs: (computed += 1) });
  const cache = new ReferenceCache(folder);
  expect(await cache.get(["a", "b"], compute)).toMatchObject({ cpuMs: 1 });
  expect(await new ReferenceCache(folder).get(["a", "b"], compute)).toMatchObject({ cpuMs: 1 });
  expect(await cache.get(["ab", ""], compute)).toMatchObject({ cpuMs: 2 });
  for (const name of await readdir(folder)) await writeFile(join(folder, name), "cut off");
  expect(await cache.get(["a", "b"], compute)).toMatchObject({ cpuMs: 3 });
});

test("the same answers may be asked for many times at once", async () => {
  const cache = new ReferenceCache(folder);
  const found = await Promise.all(
    Array.from({ length: 20 }, () => cache.get(["same"], () => Promise.resolve(ANSWERS))),
  );
  expect(found).toEqual(Array.from({ length: 20 }, () => ANSWERS));
});

test("a folder that cannot be written costs time, not the run", async () => {
  await writeFile(join(folder, "file"), "");
  const cache = new ReferenceCache(join(folder, "file", "inside"));
  expect(await cache.get(["a"], () => Promise.resolve(ANSWERS))).toEqual(ANSWERS);
});
