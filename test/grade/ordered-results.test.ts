import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { inOrder } from "../../src/grade/ordered-results.ts";

async function shuffled(item: number): Promise<number> {
  await sleep(item % 3);
  return item;
}

async function* failing(): AsyncGenerator<number> {
  yield 1;
  yield 2;
  throw new Error("source");
}

test("the order is that of the items, whatever takes longer", async () => {
  const results: number[] = [];
  for await (const result of inOrder([5, 1, 2, 0, 3, 4], 3, shuffled)) results.push(result);
  expect(results).toEqual([5, 1, 2, 0, 3, 4]);
});

test("no more than the window is worked on", async () => {
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(1);
    running -= 1;
  };
  let count = 0;
  for await (const _ of inOrder(Array.from({ length: 50 }), 4, work)) count += 1;
  expect(count).toBe(50);
  expect(most).toBe(4);
});

test("a source that pauses holds up no result", async () => {
  const paused = new AbortController();
  async function* source(): AsyncGenerator<number> {
    yield 1;
    await sleep(60_000, undefined, { signal: paused.signal });
  }
  const results = inOrder(source(), 8, (item) => Promise.resolve(item));
  expect(await results.next()).toEqual({ done: false, value: 1 });
  await Promise.all([results.return(undefined), Promise.resolve(paused.abort())]);
});

test("a failure is thrown in its place", async () => {
  const results = inOrder([1, 2, 3], 8, async (item) => {
    if (item === 2) throw new Error("two");
    return item;
  });
  expect((await results.next()).value).toBe(1);
  await expect(results.next()).rejects.toThrow("two");
});

test("a failure of the source comes after the results of what it gave", async () => {
  const results = inOrder(failing(), 8, shuffled);
  expect((await results.next()).value).toBe(1);
  expect((await results.next()).value).toBe(2);
  await expect(results.next()).rejects.toThrow("source");
});
