import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

function heldBy(pid: number, host = hostname()): void {
  writeFileSync(path, JSON.stringify({ pid, host, token: "another" }));
}

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("lockFolder", () => {
  it("is taken, released, and taken again", async () => {
    const lock = await lockFolder(folder, "bench");
    expect(existsSync(path)).toBe(true);
    await lock.release();
    expect(existsSync(path)).toBe(false);
    await (await lockFolder(folder, "bench")).release();
  });

  it("refuses while a process of this machine works there, naming it", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      heldBy(child.pid ?? 0);
      await expect(lockFolder(folder, "bench")).rejects.toMatchObject({
        code: "usage",
        message: expect.stringMatching(new RegExp(`another bench works here \\(process ${child.pid}`)),
      });
    } finally {
      child.kill();
    }
  });

  it("goes to one of many callers in one process", async () => {
    for (let round = 0; round < 20; round++) {
      const all = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder, "bench")));
      const locks = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      expect(locks).toHaveLength(1);
      for (const lock of locks) await lock.release();
    }
  });

  it("takes over the lock of a killed process that had our own number", async () => {
    heldBy(process.pid);
    const lock = await lockFolder(folder, "bench");
    expect(readFileSync(path, "utf8")).not.toContain("another");
    await lock.release();
  });

  it("takes over from a process that has ended, and from what is no lock at all", async () => {
    heldBy(await endedPid());
    await (await lockFolder(folder, "bench")).release();
    writeFileSync(path, "{");
    const lock = await lockFolder(folder, "bench");
    expect(readFileSync(path, "utf8")).toContain(`"pid":${process.pid}`);
    await lock.release();
  });

  it("leaves another machine's lock alone", async () => {
    heldBy(1, "another-machine");
    await expect(lockFolder(folder, "download")).rejects.toMatchObject({ code: "usage" });
  });

  it("does not release what has become another's", async () => {
    const lock = await lockFolder(folder, "bench");
    heldBy(1, "another-machine");
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
