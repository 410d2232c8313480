import { Refusal } from "./refusal.ts";

export interface GateOptions {
  /** Whom the gate is for, as a message says it: `requests for programs`. */
  readonly name: string;
  /** Most that are inside at once. */
  readonly atOnce: number;
  /** Most that may wait. */
  readonly queue: number;
}

interface Waiter {
  readonly enter: () => void;
}

/** Weight of the newest in the mean time inside. */
const NEWEST = 0.2;
/** Seconds to name before anything is known, and at most. */
const FIRST_RETRY_S = 2;
const LONGEST_RETRY_S = 60;

/** Lets so many requests in at once, in their order, and keeps so many waiting; whoever comes then is turned away. */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiting = new Set<Waiter>();
  #inside = 0;
  /** Mean time inside; milliseconds. */
  #meanMs: number | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs `body` inside. Errors: Refusal 429 with Retry-After when too many wait; the signal's reason when it aborts
   * before `body` begins.
   */
  async through<T>(signal: AbortSignal, body: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    const start = performance.now();
    try {
      return await body();
    } finally {
      const tookMs = performance.now() - start;
      this.#meanMs = this.#meanMs === undefined ? tookMs : (1 - NEWEST) * this.#meanMs + NEWEST * tookMs;
      this.#inside -= 1;
      const [next] = this.#waiting;
      next?.enter();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    const { atOnce, queue, name } = this.#options;
    signal.throwIfAborted();
    if (this.#inside < atOnce) {
      this.#inside += 1;
      return Promise.resolve();
    }
    if (this.#waiting.size >= queue) {
      const told = `${atOnce} ${name} are under way and ${queue} wait: ask again later`;
      throw new Refusal(429, "too_many_requests", told, { retryAfterS: this.#retryAfterS() });
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        enter: () => {
          this.#waiting.delete(waiter);
          signal.removeEventListener("abort", leave);
          this.#inside += 1;
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Until those that wait now are inside, as far as the past tells. */
  #retryAfterS(): number {
    if (this.#meanMs === undefined) return FIRST_RETRY_S;
    const seconds = (this.#meanMs * (this.#waiting.size + 1)) / this.#options.atOnce / 1000;
    return Math.min(LONGEST_RETRY_S, Math.max(1, Math.ceil(seconds)));
  }
}
