import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entryKey, entryText } from "../../src/store/entry.ts";
import { EntryStore } from "../../src/store/entry-store.ts";
import { Pack } from "../../src/store/pack/read-pack.ts";
import { PackWriter } from "../../src/store/pack/write-pack.ts";
import { looseFiles } from "./loose-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (n: number, value: unknown = { n }) => ({ key: entryKey("test", n), kind: "test", value });

describe("a store", () => {
  it("gives the first entry of a key, whatever comes later, before and after packing", async () => {
    const store = await EntryStore.open(folder);
    expect(await store.publish(entry(1))).toMatchObject({ was: "first" });
    expect(await store.publish({ ...entry(1), measured: { ms: 3 } })).toMatchObject({ was: "same" });
    expect(await store.publish(entry(1, "other"))).toMatchObject({ was: "conflict", entry: entry(1) });
    expect(await store.compact()).toEqual({ packed: 1, merged: 0 });
    expect(await store.get(entry(1).key)).toEqual(entry(1));
    expect(await store.publish(entry(1, "other"))).toMatchObject({ was: "conflict", entry: entry(1) });
    expect(await store.publish(entry(1, "third"))).toMatchObject({ was: "conflict" });
    expect(store.contradicted).toBe(3);
    const conflicts = [];
    for await (const conflict of store.conflicts()) conflicts.push(conflict);
    expect(conflicts.map(({ second }) => second)).toEqual(
      expect.arrayContaining([
        { value: "other", measured: null },
        { value: "third", measured: null },
      ]),
    );
    expect(conflicts).toHaveLength(2);
    await store.close();
  });

  it("the order of an object's fields is no contradiction, and a caller may say what is", async () => {
    const store = await EntryStore.open(folder);
    await store.publish(entry(1, { a: 1, b: [1, 2] }));
    expect((await store.publish(entry(1, { b: [1, 2], a: 1 }))).was).toBe("same");
    expect((await store.publish(entry(1, { b: [2, 1], a: 1 }))).was).toBe("conflict");
    expect((await store.publish(entry(1, "x"), () => true)).was).toBe("same");
    await store.close();
  });

  it("merges packs of a size into one and keeps every entry", async () => {
    const store = await EntryStore.open(folder);
    for (let n = 0; n < 64; n += 1) {
      await store.publish(entry(n));
      if (n % 4 === 3) await store.compact();
    }
    const { packed, packs } = await store.count();
    expect(packed).toBe(64);
    expect(packs).toBeLessThan(4);
    for (let n = 0; n < 64; n += 1) expect(await store.get(entry(n).key)).toEqual(entry(n));
    expect(await store.get(entryKey("test", 64))).toBeUndefined();
    await store.close();
  });

  it("takes an entry that the disk has damaged for none, loose or packed", async () => {
    const store = await EntryStore.open(folder);
    await store.publish(entry(1));
    const [file = ""] = looseFiles(folder);
    writeFileSync(file, "{");
    expect(await store.get(entry(1).key)).toBeUndefined();
    await store.publish(entry(1));
    await store.compact();
    const [pack = ""] = readdirSync(join(folder, "packs")).filter((name) => name.endsWith(".pack"));
    const path = join(folder, "packs", pack);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("test", "t\u0000st"));
    expect(await store.get(entry(1).key)).toBeUndefined();
    await store.publish(entry(1));
    expect(await store.get(entry(1).key)).toEqual(entry(1));
    await store.close();
  });

  it("says what is wrong with a folder that is no store, or of another version", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(EntryStore.open(join(folder, "file"), { flag: "--verdicts" })).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/name another folder with --verdicts/),
    });
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "store.json"), '{"format":"funprm-store-9"}');
    await expect(EntryStore.open(join(folder, "other"))).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/funprm-store-1.*funprm-store-9/),
    });
  });
});

describe("a pack", () => {
  async function packOf(numbers: Iterable<number>): Promise<Pack> {
    const writer = await PackWriter.open(folder);
    const entries = [...numbers].map((n) => entry(n)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    for (const each of entries) await writer.add(each.key, Buffer.from(entryText(each)));
    return Pack.open(folder, await writer.publish());
  }

  it("finds each of its entries and no other, whatever their number", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 63, 64, 65, 700, 5000), fc.nat(), async (count, seed) => {
        const numbers = Array.from({ length: count }, (_, i) => seed + i);
        const pack = await packOf(numbers);
        const asked = count > 1000 ? numbers.filter((n) => n % 17 === 0) : numbers;
        for (const n of asked) expect(await pack.get(entry(n).key)).toEqual(entry(n));
        for (let i = 1; i <= 50; i += 1) expect(await pack.get(entry(seed - i).key)).toBeUndefined();
        let lines = 0;
        for await (const { key, line } of pack.lines()) {
          expect(line.toString()).toContain(key);
          lines += 1;
        }
        expect(lines).toBe(count);
        await pack.retire();
      }),
      { numRuns: 15 },
    );
  });

  it("searches among more entries of a beginning than it reads at once", async () => {
    // Keys that all begin alike, as sha256 would not give them.
    const writer = await PackWriter.open(folder);
    const keys = Array.from({ length: 3000 }, (_, i) =>
      `abcd${(2 * i).toString(16).padStart(8, "0")}`.padEnd(64, "0"),
    );
    for (const key of keys) await writer.add(key, Buffer.from(entryText({ key, kind: "test", value: key })));
    const pack = await Pack.open(folder, await writer.publish());
    for (const key of keys) expect((await pack.get(key))?.value).toBe(key);
    for (const i of [1, 2999, 5999]) {
      const absent = `abcd${i.toString(16).padStart(8, "0")}`.padEnd(64, "0");
      expect(await pack.get(absent)).toBeUndefined();
    }
    await pack.retire();
  });

  it("is refused when its index was cut or extended", async () => {
    const pack = await packOf([1, 2, 3]);
    await pack.retire();
    const path = join(folder, `${pack.name}.idx`);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 1));
    await expect(Pack.open(folder, pack.name)).rejects.toMatchObject({ code: "input" });
    writeFileSync(path, whole);
    appendFileSync(path, "x");
    await expect(Pack.open(folder, pack.name)).rejects.toMatchObject({ code: "input" });
  });
});
