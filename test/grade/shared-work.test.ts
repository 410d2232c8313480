import { expect, it } from "vitest";
import { SharedWork } from "../../src/grade/shared-work.ts";

/** Work that ends when it is told to, and notes when it is ended. */
function work() {
  const state = { begun: 0, ended: 0, finish: (_value: string): void => {} };
  const start = (signal: AbortSignal): Promise<string> => {
    state.begun += 1;
    return new Promise((resolve, reject) => {
      state.finish = resolve;
      signal.addEventListener("abort", () => {
        state.ended += 1;
        reject(signal.reason);
      });
    });
  };
  return { state, start };
}

it("runs once for all that wait, and keeps what it should", async () => {
  const shared = new SharedWork<string>(10, (value) => value !== "lost");
  const { signal } = new AbortController();
  const { state, start } = work();
  const both = [shared.get("a", signal, start), shared.get("a", signal, start)];
  state.finish("done");
  expect(await Promise.all(both)).toEqual(["done", "done"]);
  expect(await shared.get("a", signal, start)).toBe("done");
  expect(state.begun).toBe(1);
  const lost = shared.get("b", signal, start);
  state.finish("lost");
  expect(await lost).toBe("lost");
  const again = shared.get("b", signal, start);
  state.finish("found");
  expect(await again).toBe("found");
});

it("goes on while one waits, and ends with the last", async () => {
  const shared = new SharedWork<string>(10, () => true);
  const { state, start } = work();
  const [first, second] = [new AbortController(), new AbortController()];
  const gone = shared.get("a", first.signal, start);
  const stays = shared.get("a", second.signal, start);
  first.abort(new Error("the first went"));
  await expect(gone).rejects.toThrow("the first went");
  expect(state.ended).toBe(0);
  second.abort(new Error("the second went"));
  await expect(stays).rejects.toThrow("the second went");
  expect(state.ended).toBe(1);
  const anew = shared.get("a", new AbortController().signal, start);
  state.finish("done");
  expect(await anew).toBe("done");
  expect(state.begun).toBe(2);
});

it("forgets the oldest beyond its bound, and failures at once", async () => {
  const shared = new SharedWork<string>(2, () => true);
  const { signal } = new AbortController();
  const made: string[] = [];
  const get = (key: string): Promise<string> =>
    shared.get(key, signal, async () => {
      made.push(key);
      if (key === "fails") throw new Error("no");
      return key;
    });
  for (const key of ["a", "b", "a", "c", "a"]) await get(key);
  expect(made).toEqual(["a", "b", "c", "a"]);
  await expect(get("fails")).rejects.toThrow("no");
  await expect(get("fails")).rejects.toThrow("no");
  expect(made.filter((key) => key === "fails")).toHaveLength(2);
});
