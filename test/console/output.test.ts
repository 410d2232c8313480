import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withOutput } from "../../src/console/output.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-output-"));
});
afterEach(async () => rm(folder, { recursive: true }));

test("a file appears whole", async () => {
  const path = join(folder, "out");
  await withOutput(path, async (output) => {
    for (let part = 0; part < 300; part += 1) await output.write("x".repeat(1000));
    expect(await readdir(folder)).not.toContain("out");
  });
  expect((await readFile(path)).length).toBe(300_000);
});

test.each([1, 1 << 20])("a full disk is an error of --out: %i bytes", async (size) => {
  const path = join(folder, "out");
  await symlink("/dev/full", path);
  const written = withOutput(path, async (output) => {
    await output.write("x".repeat(size));
    await output.write("more");
  });
  await expect(written).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/--out.*ENOSPC/),
  });
});

test("what fails leaves the earlier file, and nothing else", async () => {
  const path = join(folder, "out");
  await writeFile(path, "earlier");
  const written = withOutput(path, async (output) => {
    await output.write("x".repeat(1 << 20));
    throw new Error("no more");
  });
  await expect(written).rejects.toThrow("no more");
  expect(await readdir(folder)).toEqual(["out"]);
  expect(await readFile(path, "utf8")).toBe("earlier");
});
