import { describe, expect, test } from "vitest";
import { AdaptiveLimiter } from "../../src/llm/concurrency.ts";
import type { Slot } from "../../src/llm/concurrency.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { collect, range, request } from "./collect.ts";
import { apiError, completion, json, localServer } from "./local-server.ts";

async function take(limiter: AdaptiveLimiter, count: number): Promise<Slot[]> {
  return Promise.all(range(count).map(() => limiter.acquire()));
}

describe("the limiter", () => {
  test("hands out no more than its limit, in order, urgent ones first", async () => {
    const limiter = new AdaptiveLimiter(2);
    const [first, second] = await take(limiter, 2);
    const order: string[] = [];
    const waiting = [
      limiter.acquire().then(() => order.push("a")),
      limiter.acquire().then(() => order.push("b")),
      limiter.acquire({ urgent: true }).then(() => order.push("urgent")),
    ];
    expect(limiter.active).toBe(2);
    first?.release("ok");
    second?.release("ok");
    await Promise.race(waiting);
    await Promise.all([waiting[0], waiting[2]]);
    expect(order).toEqual(["urgent", "a"]);
  });

  test("halves once for a burst of refusals", async () => {
    const limiter = new AdaptiveLimiter(64);
    for (const slot of await take(limiter, 64)) slot.release("throttled");
    expect(limiter.limit).toBe(32);
    for (const slot of await take(limiter, 32)) slot.release("throttled");
    expect(limiter.limit).toBe(16);
  });

  test("never falls below 1, and a slot counts once", async () => {
    const limiter = new AdaptiveLimiter(2);
    for (const _ of range(5)) {
      const slot = await limiter.acquire();
      slot.release("throttled");
      slot.release("throttled");
    }
    expect(limiter.limit).toBe(1);
    expect(limiter.active).toBe(0);
  });

  test("grows back to the whole, but not without being made use of", async () => {
    const limiter = new AdaptiveLimiter(32);
    for (const slot of await take(limiter, 32)) slot.release("throttled");
    for (const _ of range(100)) (await limiter.acquire()).release("ok");
    expect(limiter.limit).toBe(16);
    for (let round = 0; round < 40; round += 1) {
      for (const slot of await take(limiter, limiter.limit)) slot.release("ok");
    }
    // A round that is released one by one is full only at its first release.
    expect(limiter.limit).toBeGreaterThan(16);
  });

  test("an aborted waiter leaves the line", async () => {
    const limiter = new AdaptiveLimiter(1);
    const slot = await limiter.acquire();
    const gone = new AbortController();
    const waiting = limiter.acquire({ signal: gone.signal });
    const behind = limiter.acquire();
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
    slot.release("ok");
    await behind;
    expect(limiter.active).toBe(1);
  });

  test("hands out nothing during a pause", async () => {
    const limiter = new AdaptiveLimiter(4);
    const start = performance.now();
    limiter.pause(120);
    limiter.pause(10);
    await limiter.acquire();
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });
});

test("a server that bears 12 requests at once: all samples arrive, few requests are refused", async () => {
  await using server = await localServer(async ({ underWay }, response) => {
    if (underWay > 12) {
      apiError(response, 429, "too many");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
    json(response, 200, completion(["x"]));
  });
  const llm = await openAiLlm({
    baseUrl: server.url,
    concurrency: 96,
    choicesPerRequest: 1,
    backoffBaseMs: 15,
  });
  const { samples, error } = await collect(llm, request("x", range(1200)));
  await llm.close();
  expect(error).toBeUndefined();
  expect(samples.map(({ index }) => index)).toEqual(range(1200));
  const { requests, throttled } = llm.activity;
  expect(requests).toBe(1200 + throttled);
  // Without adapting, 84 of 96 requests would be refused in every round.
  expect(throttled).toBeLessThan(400);
});

test("a server that refuses every third request at random: all samples arrive", async () => {
  let state = 7;
  await using server = await localServer((_, response) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    if (state % 3 === 0) apiError(response, 429, "unlucky");
    else json(response, 200, completion(["x"]));
  });
  const llm = await openAiLlm({
    baseUrl: server.url,
    concurrency: 32,
    choicesPerRequest: 1,
    backoffBaseMs: 2,
  });
  const { samples, error } = await collect(llm, request("x", range(400)));
  await llm.close();
  expect(error).toBeUndefined();
  expect(samples).toHaveLength(400);
  expect(llm.activity.requests).toBe(400 + llm.activity.throttled);
});
