import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const VENDOR = new URL("../../src/steps/vendor/", import.meta.url);

test("the vendored grammar is the one its README names", async () => {
  const wasm = await readFile(new URL("tree-sitter-python.wasm", VENDOR));
  const readme = await readFile(new URL("README.md", VENDOR), "utf8");
  const [, sha256] = /sha256 of the wasm: `([0-9a-f]{64})`/.exec(readme) ?? [];
  expect(createHash("sha256").update(wasm).digest("hex")).toBe(sha256);
});

test("its licence travels with it", async () => {
  const licence = await readFile(new URL("tree-sitter-python.LICENSE.txt", VENDOR), "utf8");
  expect(licence).toMatch(/^The MIT License/);
});
