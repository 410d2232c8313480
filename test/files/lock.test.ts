import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFile, lockFolder } from "../../src/files/lock.ts";

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

  it("takes over from a process whose number another one has now, or that ran before the machine started anew", async () => {
    for (const changed of [{ start: "1" }, { boot: "another", start: "1" }]) {
      writeFileSync(
        path,
        JSON.stringify({ pid: process.ppid, host: hostname(), token: "another", ...changed }),
      );
      const lock = await lockFolder(folder, "bench");
      expect(await lock.isHeld()).toBe(true);
      await lock.release();
    }
  });

  it("does not release what has become another's", async () => {
    const lock = await lockFolder(folder, "bench");
    heldBy(1, "another-machine");
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });
});

describe("a lease", () => {
  const lease = (beatMs: number) => lockFile(join(folder, "work"), "compaction", "wait", beatMs);
  const file = () => join(folder, "work.lock");
  const elsewhere = (secondsAgo: number) => {
    writeFileSync(
      file(),
      JSON.stringify({ pid: 1, host: "another-machine", token: "another", beatMs: 1000 }),
    );
    const then = Date.now() / 1000 - secondsAgo;
    utimesSync(file(), then, then);
  };

  it("of another machine holds while it is renewed, and is taken over when it was not for long", async () => {
    elsewhere(2);
    await expect(lease(1000)).rejects.toMatchObject({ code: "usage" });
    elsewhere(3600);
    const lock = await lease(1000);
    expect(await lock.isHeld()).toBe(true);
    elsewhere(0);
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(existsSync(file())).toBe(true);
  });

  it("is renewed as long as it is held", async () => {
    const lock = await lease(5);
    utimesSync(file(), 1, 1);
    await expect.poll(() => statSync(file()).mtimeMs, { timeout: 60_000 }).toBeGreaterThan(1_000_000);
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(existsSync(file())).toBe(false);
  });
});
