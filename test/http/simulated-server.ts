import { vi } from "vitest";
import { AdaptiveLimiter } from "../../src/http/concurrency.ts";
import { backoffMs } from "../../src/http/retry.ts";
import { random, range } from "../llm/collect.ts";

export interface SimulatedServer {
  /** Requests that it bears at once; more are refused. */
  readonly room: number;
  /** Part of all requests that it refuses whatever the load. */
  readonly share?: number;
  /** How long client and server wait for the processor at times, milliseconds: 0 is an idle machine. */
  readonly stallMs: number;
  readonly seed: number;
}

export interface SimulatedRun {
  readonly refused: number;
  /** The mean of the limits that the requests were sent under. */
  readonly meanLimit: number;
  readonly lastLimit: number;
}

const LATENCY_MS = { least: 50, spread: 20 };

/** Sends `count` requests through a limiter of 96 on a clock of its own: the same run on any machine. */
export async function simulate(count: number, server: SimulatedServer): Promise<SimulatedRun> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], loopLimit: 1e6 });
  try {
    return await run(count, server);
  } finally {
    vi.useRealTimers();
  }
}

async function run(count: number, server: SimulatedServer): Promise<SimulatedRun> {
  const { room, share = 0, stallMs } = server;
  const next = random(server.seed);
  const limiter = new AdaptiveLimiter(96);
  const awake = { client: awakeTimes(stallMs, next), server: awakeTimes(stallMs, next) };
  const wait = async (who: keyof typeof awake, ms: number): Promise<void> => {
    const now = performance.now();
    const end = awake[who](now + ms);
    await new Promise((resolve) => setTimeout(resolve, end - now));
  };
  let underWay = 0;
  let refused = 0;
  const limits: number[] = [];
  const isAnswered = async (): Promise<boolean> => {
    await wait("server", 1);
    const answered = underWay < room && next() >= share;
    if (answered) {
      underWay += 1;
      await wait("server", LATENCY_MS.least + LATENCY_MS.spread * next());
      underWay -= 1;
    } else refused += 1;
    await wait("client", 1);
    return answered;
  };
  const send = async (): Promise<void> => {
    for (let failures = 0; ;) {
      const slot = await limiter.acquire({ urgent: failures > 0 });
      limits.push(limiter.limit);
      const answered = await isAnswered();
      slot.release(answered ? "ok" : "throttled");
      if (answered) return;
      failures += 1;
      await wait("client", backoffMs(failures, 60, next));
    }
  };
  const all = Promise.all(range(count).map(send));
  await vi.runAllTimersAsync();
  await all;
  limiter.close();
  const meanLimit = limits.reduce((sum, limit) => sum + limit, 0) / limits.length;
  return { refused, meanLimit, lastLimit: limiter.limit };
}

/** The first moment from a given one on at which a process has the processor. */
function awakeTimes(stallMs: number, next: () => number): (from: number) => number {
  const times: number[] = [0];
  return (from) => {
    let last = times.at(-1) ?? 0;
    while (last < from) {
      last += 0.5 + stallMs * (next() < 0.3 ? 2 : 0.05) * next();
      times.push(last);
    }
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? 0) >= from) high = middle;
      else low = middle + 1;
    }
    return times[low] ?? from;
  };
}
