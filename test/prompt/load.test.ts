import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPrompts } from "../../src/prompt/load.ts";

describe("loadPrompts", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "funprm-prompt-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it("has three Chain-of-Function templates and one plain one", async () => {
    const [chain, plain] = [await loadPrompts(), await loadPrompts("plain")];
    expect(Object.values(chain).map(({ name }) => name)).toEqual(["stdin", "method", "function"]);
    expect(new Set(Object.values(chain).map(({ sha256 }) => sha256)).size).toBe(3);
    expect(new Set(Object.values(plain)).size).toBe(1);
  });

  it("takes a user's file for every kind of problem and names it by the file", async () => {
    const prompts = await loadPrompts(await file("brief.md", "## user\nDo: {{statement}}"));
    expect(prompts.stdin).toMatchObject({ name: "brief" });
    expect(prompts.function).toBe(prompts.stdin);
    expect(prompts.method).toBe(prompts.stdin);
  });

  it.each([
    [
      "a missing file",
      () => Promise.resolve(join(folder, "none.md")),
      /none\.md: expected "chain-of-function", "plain" or a readable .*ENOENT/,
    ],
    ["a folder", () => Promise.resolve(folder), /readable prompt file: .*EISDIR/],
    [
      "other bytes than UTF-8",
      () => file("latin.md", new Uint8Array([0x23, 0xe9, 0x0a])),
      /latin\.md: expected UTF-8/,
    ],
    [
      "a file without sections",
      () => file("flat.md", "Solve {{statement}}"),
      /prompt flat: expected a line "## user"/,
    ],
  ])("refuses %s", async (_case, path, message) => {
    await expect(loadPrompts(await path())).rejects.toThrow(message);
    await expect(loadPrompts(await path())).rejects.toMatchObject({ code: "input" });
  });
});
