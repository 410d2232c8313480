// A process of its own that works on a store; it may be told to stop for ever at one call of the file system.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const [folder, work, ...args] = process.argv.slice(2);
const stopAt = process.env["STOP_AT"];
if (stopAt !== undefined) {
  const [call, pattern] = stopAt.split(" ");
  const real = fs.promises[call];
  fs.promises[call] = (...values) => {
    if (!values.some((value) => typeof value === "string" && new RegExp(pattern).test(value)))
      return real(...values);
    process.send("stopped");
    return new Promise(() => setInterval(() => {}, 1000));
  };
  syncBuiltinESMExports();
}
const { EntryStore } = await import("../../dist/store/entry-store.js");
const { entryKey } = await import("../../dist/store/entry.js");

const store = await EntryStore.open(folder);
if (work === "publish") {
  const [count, name, compactEvery] = [Number(args[0]), args[1], Number(args[2])];
  const counts = {};
  // Every process in another order, so that each is first somewhere.
  for (let i = 0; i < count; i += 1) {
    const n = (i * 7 + Number(name) * 13) % count;
    const key = entryKey("test", n);
    // Of every tenth entry each process says something else.
    const value = n % 10 === 0 ? { n, by: name } : { n };
    const { entry } = await store.publish({ key, kind: "test", value, measured: { by: name } });
    counts[key] = entry.value;
    if (compactEvery > 0 && i % compactEvery === compactEvery - 1) await store.compact();
  }
  process.send(counts);
}
if (work === "compact") process.send((await store.compact()) ?? null);
if (work === "read") {
  // Until it is told to stop; every entry must be there each time.
  let missing = 0;
  let rounds = 0;
  const told = { stop: false };
  process.on("message", () => (told.stop = true));
  process.send("reading");
  while (!told.stop) {
    for (let n = 0; n < Number(args[0]); n += 1)
      if ((await store.get(entryKey("test", n))) === undefined) missing += 1;
    rounds += 1;
  }
  process.send({ missing, rounds });
}
await store.close();
process.disconnect();
