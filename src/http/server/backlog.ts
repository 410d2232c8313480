import { Refusal } from "./refusal.ts";

/** Weight of the newest in the mean time of an item. */
const NEWEST = 0.1;
/** Seconds to name before anything is known, and at most. */
const FIRST_RETRY_S = 2;
const LONGEST_RETRY_S = 60;

/** Counts what is under way or waits, over all requests, and turns away the request that would make it too much. */
export class Backlog {
  readonly #most: number;
  readonly #name: string;
  #held = 0;
  /** Mean time from one finished item to the next; milliseconds. */
  #meanMs: number | undefined;

  /** `name`: what is counted, as a message says it: `programs`. */
  constructor(most: number, name: string) {
    this.#most = most;
    this.#name = name;
  }

  get held(): number {
    return this.#held;
  }

  /**
   * Runs `body`, which holds so many. Errors: Refusal 413 for more than can ever be held, 429 with Retry-After for more
   * than can be held now.
   */
  async holding<T>(count: number, body: () => Promise<T>): Promise<T> {
    if (count > this.#most) {
      const told = `expected at most ${this.#most} ${this.#name} in a request (--queue), got ${count}`;
      throw new Refusal(413, "too_many", told);
    }
    if (this.#held + count > this.#most) {
      const told = `${this.#held} ${this.#name} are under way or wait, of at most ${this.#most}: ask again later`;
      throw new Refusal(429, "too_many_requests", told, { retryAfterS: this.#retryAfterS(count) });
    }
    this.#held += count;
    const held = this.#held;
    const start = performance.now();
    try {
      return await body();
    } finally {
      this.#held -= count;
      const eachMs = (performance.now() - start) / held;
      this.#meanMs = this.#meanMs === undefined ? eachMs : (1 - NEWEST) * this.#meanMs + NEWEST * eachMs;
    }
  }

  /** Until there is room for so many, as far as the past tells. */
  #retryAfterS(count: number): number {
    if (this.#meanMs === undefined) return FIRST_RETRY_S;
    const tooMany = this.#held + count - this.#most;
    return Math.min(LONGEST_RETRY_S, Math.max(1, Math.ceil((this.#meanMs * tooMany) / 1000)));
  }
}
