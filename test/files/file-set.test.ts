import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileSet } from "../../src/files/file-set.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-set-"));
});
afterEach(async () => rm(folder, { recursive: true }));

const SET = { name: "set", work: "test" };
const read = async (name: string): Promise<string> => readFile(join(folder, name), "utf8");

test("files of a set are written, and nothing else is left", async () => {
  await writeFileSet(folder, SET, { a: "1", b: ["2", "3"] });
  expect(await readdir(folder)).toEqual(["a", "b"]);
  expect([await read("a"), await read("b")]).toEqual(["1", "23"]);
});

test("a content that fails leaves all earlier files", async () => {
  await writeFileSet(folder, SET, { a: "1", b: "2" });
  const failing = (function* (): Generator<string> {
    yield "x";
    throw new Error("no more");
  })();
  await expect(writeFileSet(folder, SET, { a: "new", b: failing })).rejects.toThrow("no more");
  expect(await readdir(folder)).toEqual(["a", "b"]);
  expect([await read("a"), await read("b")]).toEqual(["1", "2"]);
});

test("killed while files are written: the earlier ones stay, what was written goes", async () => {
  await writeFileSet(folder, SET, { a: "1", b: "2" });
  await mkdir(join(folder, "set.new"));
  await writeFile(join(folder, "set.new", "c"), "half");
  await writeFileSet(folder, SET, { a: "3" });
  expect(await readdir(folder)).toEqual(["a", "b"]);
});

test("killed while files change places: the next one ends that first", async () => {
  await writeFile(join(folder, "a"), "moved already");
  await writeFile(join(folder, "b"), "earlier");
  await mkdir(join(folder, "set.ready"));
  await writeFile(join(folder, "set.ready", "b"), "whole");
  await expect(writeFileSet(folder, SET, { "no/file": "" })).rejects.toThrow("ENOENT");
  expect(await readdir(folder)).toEqual(["a", "b"]);
  expect([await read("a"), await read("b")]).toEqual(["moved already", "whole"]);
});
