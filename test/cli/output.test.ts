import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withOutput } from "../../src/cli/output.ts";
import { temporaryName } from "../../src/files/atomic-file.ts";

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

test.each([1, 1 << 20])(
  "a full disk is an error of --out, and leaves nothing behind: %i bytes",
  async (size) => {
    const path = join(folder, "out");
    await symlink("/dev/full", temporaryName(path, "0"));
    const written = withOutput(path, async (output) => {
      await output.write("x".repeat(size));
      // The error may come while nobody writes.
      await new Promise((resolve) => setTimeout(resolve, 50));
      await output.write("more");
    });
    await expect(written).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/--out.*ENOSPC/),
    });
    expect(await readdir(folder)).toEqual([]);
  },
);

test("what a killed process left of the same file goes; what others left or still write stays", async () => {
  const path = join(folder, "out");
  const { pid: ended } = spawnSync("true");
  const ofProcess = (file: string, pid: number): string =>
    temporaryName(file, "0").replace(`.${process.pid}@`, `.${pid}@`);
  await writeFile(ofProcess(path, ended), "half a");
  const others = [ofProcess(path, process.ppid), ofProcess(join(folder, "out.json"), ended), `${path}.tmp`];
  for (const other of others) await writeFile(other, "theirs");
  await withOutput(path, async (output) => output.write("whole"));
  const left = (await readdir(folder)).map((name) => join(folder, name));
  expect(left.toSorted()).toEqual([path, ...others].toSorted());
});
