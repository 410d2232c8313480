import { expect, test } from "vitest";
import { AsyncQueue } from "../../src/llm/async-queue.ts";

test("hands on every value in order and ends after the last", async () => {
  const queue = new AsyncQueue<number>();
  void queue.push(1);
  const read: number[] = [];
  const reading = (async () => {
    for await (const value of queue) read.push(value);
  })();
  await queue.push(2);
  void queue.push(3);
  queue.close();
  await reading;
  expect(read).toEqual([1, 2, 3]);
});

test("producers wait while the consumer lags", async () => {
  const queue = new AsyncQueue<number>(2);
  let pushed = 0;
  const producing = (async () => {
    for (let i = 0; i < 100; i += 1) {
      await queue.push(i);
      pushed += 1;
    }
    queue.close();
  })();
  const lags: number[] = [];
  const got: number[] = [];
  for await (const value of queue) {
    await new Promise((resolve) => setImmediate(resolve));
    got.push(value);
    lags.push(pushed - got.length);
  }
  await producing;
  expect(got).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(Math.max(...lags)).toBeLessThanOrEqual(4);
});

test("a consumer that leaves frees the producers that wait", async () => {
  const queue = new AsyncQueue<number>(1);
  const producers = [queue.push(1), queue.push(2), queue.push(3)];
  for await (const _ of queue) break;
  expect(await Promise.all(producers)).toHaveLength(3);
});
