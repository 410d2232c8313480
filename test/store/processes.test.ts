import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entryKey } from "../../src/store/entry.ts";
import { EntryStore } from "../../src/store/entry-store.ts";
import { looseFiles } from "./loose-files.ts";

const SCRIPT = fileURLToPath(new URL("process.mjs", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(args: readonly string[], stopAt?: string): ChildProcess {
  const env = stopAt === undefined ? process.env : { ...process.env, STOP_AT: stopAt };
  return fork(SCRIPT, [folder, ...args], { env });
}

async function answer(child: ChildProcess): Promise<unknown> {
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the process ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, "message"), died]);
  return message;
}

/** Runs a process until it comes to a call of the file system, and kills it there. */
async function killAt(stopAt: string, ...args: string[]): Promise<void> {
  const child = start(args, stopAt);
  expect(await answer(child)).toBe("stopped");
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function publish(count: number, name: string, compactEvery = 0): Promise<Map<string, unknown>> {
  const child = start(["publish", String(count), name, String(compactEvery)]);
  const ended = once(child, "exit");
  const counts = await answer(child);
  await ended;
  return new Map(Object.entries(counts ?? {}));
}

async function withStore<T>(body: (store: EntryStore) => Promise<T>): Promise<T> {
  const store = await EntryStore.open(folder);
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

const COUNT = 200;

/** How many entries there are, and how many of them cannot be read. */
async function state(count = COUNT): Promise<{ entries: number; missing: number }> {
  return withStore(async (store) => {
    const { packed, loose } = await store.count();
    let missing = 0;
    for (let n = 0; n < count; n += 1) if ((await store.get(entryKey("test", n))) === undefined) missing += 1;
    return { entries: packed + loose, missing };
  });
}

describe("several processes at once", () => {
  it("agree on the first entry of every key while some of them pack; each contradiction is recorded", async () => {
    const all = await Promise.all(
      ["0", "1", "2", "3"].map((name) => publish(COUNT, name, name === "0" || name === "1" ? 25 : 0)),
    );
    const [first] = all;
    for (const other of all) expect(other).toEqual(first);
    await withStore(async (store) => {
      await store.compact();
      expect(await store.count()).toMatchObject({ packed: COUNT, loose: 0 });
      for (const [key, value] of first ?? []) expect((await store.get(key))?.value).toEqual(value);
      const contradicted = new Map<string, number>();
      for await (const { key } of store.conflicts()) contradicted.set(key, (contradicted.get(key) ?? 0) + 1);
      const expected = Array.from({ length: COUNT / 10 }, (_, i) => entryKey("test", i * 10));
      expect([...contradicted.keys()].toSorted()).toEqual(expected.toSorted());
      expect(new Set(contradicted.values())).toEqual(new Set([3]));
    });
  });

  it("find every entry at any moment while others pack and merge", async () => {
    await publish(COUNT, "0");
    const reader = start(["read", String(COUNT)]);
    expect(await answer(reader)).toBe("reading");
    for (let round = 1; round <= 6; round += 1) await publish(COUNT + round * 20, String(round), 30);
    const told = answer(reader);
    reader.send("stop");
    expect(await told).toMatchObject({ missing: 0 });
    await once(reader, "exit");
    expect(await state(COUNT + 120)).toEqual({ entries: COUNT + 120, missing: 0 });
  });
});

describe("a process that is killed", () => {
  it("before its entry has a name leaves none, and nothing that stays", async () => {
    await killAt("link loose", "publish", "1", "0", "0");
    expect(readdirSync(join(folder, "tmp"))).toHaveLength(1);
    expect(looseFiles(folder)).toEqual([]);
    await publish(1, "1");
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    expect(await state(1)).toEqual({ entries: 1, missing: 0 });
  });

  it("behind the link, before the temporary name is gone, has published", async () => {
    await withStore(async () => mkdirSync(join(folder, "loose", entryKey("test", 0).slice(0, 2))));
    await killAt("rm tmp/[0-9a-f]{64}", "publish", "1", "0", "0");
    expect(await publish(1, "1")).toEqual(new Map([[entryKey("test", 0), { n: 0, by: "0" }]]));
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    expect(await state(1)).toEqual({ entries: 1, missing: 0 });
  });

  it.each([
    ["before a pack's index has its name", "rename \\.idx$"],
    ["between the names of index and pack", "rename \\.pack$"],
    ["before the first packed entry's own file is gone", "rm loose"],
  ])("while it packs, %s, loses nothing and doubles nothing", async (_, stopAt) => {
    await publish(COUNT, "0");
    await killAt(stopAt, "compact");
    expect(await state()).toMatchObject({ missing: 0 });
    const again = start(["compact"]);
    await answer(again);
    await once(again, "exit");
    expect(await state()).toEqual({ entries: COUNT, missing: 0 });
    expect(looseFiles(folder)).toEqual([]);
    const names = readdirSync(join(folder, "packs")).map((name) => name.replace(/\.(pack|idx)$/, ""));
    expect(new Set(names).size * 2).toBe(names.length);
  });

  it("between a merged pack and the removal of its parts, leaves them to the next one", async () => {
    for (let round = 0; round < 3; round += 1) {
      await publish((round + 1) * 50, String(round));
      await withStore((store) => store.compact());
    }
    await publish(COUNT, "3");
    await killAt("rm \\.pack$", "compact");
    expect(await state()).toEqual({ entries: COUNT, missing: 0 });
    await withStore((store) => store.compact());
    expect(await withStore((store) => store.count())).toEqual({ packed: COUNT, packs: 1, loose: 0 });
    expect(readdirSync(join(folder, "packs"))).toHaveLength(2);
    expect(await state()).toEqual({ entries: COUNT, missing: 0 });
  });
});
