import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const MOST_FILES = 20;

/** Folders with more files than a reader takes in at a glance. */
function crowded(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const inner = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => crowded(join(folder, name)));
  return files.length > MOST_FILES ? [`${folder}: ${files.length} files`, ...inner] : inner;
}

it("no folder of the sources or tests is a long flat list", () => {
  expect(["src", "test", "scripts", "prompts"].flatMap(crowded)).toEqual([]);
});
