import { describe, expect, test } from "vitest";
import { AdaptiveLimiter } from "../../src/http/concurrency.ts";
import type { Slot } from "../../src/http/concurrency.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { collect, range, request } from "../llm/collect.ts";
import { apiError, completion, json, localServer } from "../llm/local-server.ts";
import type { Seen } from "../llm/local-server.ts";
import { simulate } from "./simulated-server.ts";

async function take(limiter: AdaptiveLimiter, count: number): Promise<Slot[]> {
  return Promise.all(range(count).map(() => limiter.acquire()));
}

/** One round of as many requests as the limiter lets through at once; how many those were. */
async function round(limiter: AdaptiveLimiter, isRefused: (k: number) => boolean): Promise<number> {
  const slots = await take(limiter, limiter.limit);
  slots.forEach((slot, k) => slot.release(isRefused(k) ? "throttled" : "ok"));
  return slots.length;
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

  test("halves once for a burst of refusals, and settles at what the server bears", async () => {
    const limiter = new AdaptiveLimiter(64);
    expect(await round(limiter, (k) => k >= 10)).toBe(64);
    expect(limiter.limit).toBe(32);
    await round(limiter, (k) => k >= 10);
    expect(limiter.limit).toBe(16);
    await round(limiter, (k) => k >= 10);
    expect(limiter.limit).toBe(8);
    let refused = 0;
    let asked = 0;
    for (const _ of range(40)) {
      asked += await round(limiter, (k) => {
        if (k >= 10) refused += 1;
        return k >= 10;
      });
    }
    expect(limiter.limit).toBeGreaterThanOrEqual(9);
    expect(limiter.limit).toBeLessThanOrEqual(14);
    expect(refused / asked).toBeLessThan(0.25);
    limiter.close();
  });

  test.each([0.05, 0.2, 0.4])(
    "keeps its height when refusals do not depend on it: %d of all",
    async (share) => {
      const limiter = new AdaptiveLimiter(64);
      let state = 5;
      const unlucky = (): boolean => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        return (state >>> 0) / 2 ** 32 < share;
      };
      let asked = 0;
      for (const _ of range(30)) asked += await round(limiter, unlucky);
      expect(asked / 30).toBeGreaterThan(48);
      limiter.close();
    },
  );

  test("never falls below 1, and a slot counts once", async () => {
    const limiter = new AdaptiveLimiter(2);
    for (const _ of range(30)) {
      const slot = await limiter.acquire();
      slot.release("throttled");
      slot.release("throttled");
    }
    expect(limiter.limit).toBe(1);
    await limiter.acquire();
    expect(limiter.active).toBe(1);
  });

  test("grows back to the whole when the server bears it again, but not without being made use of", async () => {
    const limiter = new AdaptiveLimiter(32);
    await round(limiter, () => true);
    expect(limiter.limit).toBe(16);
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const _ of range(100)) (await limiter.acquire()).release("ok");
    expect(limiter.limit).toBe(16);
    for (const _ of range(60)) {
      const slots = await take(limiter, limiter.limit);
      // All but one stay under way while the first ends.
      const [one, ...others] = slots;
      one?.release("ok");
      const next = await limiter.acquire();
      for (const slot of [...others, next]) slot.release("ok");
    }
    expect(limiter.limit).toBeGreaterThan(20);
    limiter.close();
  });

  test("a refused slot rests: refusals do not spin through those who wait", async () => {
    const limiter = new AdaptiveLimiter(4);
    const start = performance.now();
    for (const _ of range(20)) (await limiter.acquire()).release("throttled");
    // 20 refusals, at most 4 at a time, a rest of 100 ms each.
    expect(performance.now() - start).toBeGreaterThanOrEqual(390);
    limiter.close();
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

describe("a server that bears 12 requests at once refuses few, however busy the machine is", () => {
  test.each([0, 100, 400].flatMap((stallMs) => range(4).map((seed) => [stallMs, seed] as const)))(
    "stalls of %d ms, seed %d",
    async (stallMs, seed) => {
      const { refused, lastLimit } = await simulate(1200, { room: 12, stallMs, seed });
      // At the most tolerated, a third of all requests, 600 would be refused; 84 of 96, and so thousands, without a limiter.
      expect(refused).toBeLessThan(500);
      expect(lastLimit).toBeLessThan(24);
    },
  );
});

describe("a server that refuses at random is not mistaken for one with too much to do", () => {
  test.each([0.2, 0.4].flatMap((share) => range(6).map((seed) => [share, seed] as const)))(
    "%d of all, seed %d",
    async (share, seed) => {
      const { meanLimit } = await simulate(1200, { room: Infinity, share, stallMs: 0, seed });
      expect(meanLimit).toBeGreaterThan(48);
    },
  );
});

test.each([
  ["bears 12 requests at once", ({ underWay }: Seen) => underWay > 12],
  ["refuses every third request", ({ number }: Seen) => number % 3 === 0],
])("all samples arrive from a server that %s", async (_, isRefused) => {
  await using server = await localServer(async (seen, response) => {
    if (isRefused(seen)) {
      apiError(response, 429, "too many");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    json(response, 200, completion(["x"]));
  });
  const llm = await openAiLlm({
    baseUrl: server.url,
    concurrency: 48,
    choicesPerRequest: 1,
    backoffBaseMs: 2,
  });
  const { samples, error } = await collect(llm, request("x", range(150)));
  await llm.close();
  expect(error).toBeUndefined();
  expect(samples.map(({ index }) => index)).toEqual(range(150));
  expect(llm.activity.requests).toBe(150 + llm.activity.throttled);
});
