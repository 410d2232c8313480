import { FunprmError } from "../core/errors.ts";
import { interrupted } from "./interruption.ts";

/** How a request ended, as far as the load on the server goes. `failed` says nothing about it. */
export type SlotOutcome = "ok" | "throttled" | "failed";

export interface Slot {
  release(outcome: SlotOutcome): void;
}

interface Waiter {
  readonly grant: (slot: Slot) => void;
}

/** Below this part of the limit that last met a 429, growth is fast; around it, one request a round. */
const SAFE_PART = 0.75;

/**
 * Bounds the requests under way and adapts the bound to the server: it starts at `max`, halves when the server
 * throttles, and grows again: by a quarter a round while well below the bound that was too high, then by one a
 * round, then faster again the longer that bound turns out to hold. A burst of refusals counts once: slots
 * handed out before a cut do not cause another one.
 */
export class AdaptiveLimiter {
  readonly max: number;
  #limit: number;
  #ceiling: number;
  #active = 0;
  #successes = 0;
  #epoch = 0;
  #pausedUntil = 0;
  #pauseTimer: NodeJS.Timeout | undefined;
  #urgent: Waiter[] = [];
  #waiting = new Set<Waiter>();

  constructor(max: number) {
    if (!Number.isInteger(max) || max < 1) {
      throw new FunprmError("usage", `concurrency must be a whole number from 1, got ${max}`);
    }
    this.max = max;
    this.#limit = max;
    this.#ceiling = Infinity;
  }

  /** Requests that may be under way just now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  get active(): number {
    return this.#active;
  }

  /** Requests that ended well so far. A failed request whose peers succeed is not the server's end. */
  get successes(): number {
    return this.#successes;
  }

  /**
   * Waits for a free slot. `urgent`: before those that wait already, for a request that is sent again.
   * Rejects with FunprmError `interrupted` when the signal aborts first.
   */
  acquire(options: { readonly urgent?: boolean; readonly signal?: AbortSignal } = {}): Promise<Slot> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(interrupted());
        return;
      }
      const abort = (): void => {
        this.#waiting.delete(waiter);
        this.#urgent = this.#urgent.filter((other) => other !== waiter);
        reject(interrupted());
      };
      const waiter: Waiter = {
        grant: (slot) => {
          signal?.removeEventListener("abort", abort);
          resolve(slot);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      if (options.urgent === true) this.#urgent.push(waiter);
      else this.#waiting.add(waiter);
      this.#grant();
    });
  }

  /** Hands out no slot for `ms`: the server named a time (Retry-After) that holds for everybody. */
  pause(ms: number): void {
    const until = Date.now() + ms;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => {
      this.#pausedUntil = 0;
      this.#grant();
    }, ms);
  }

  close(): void {
    clearTimeout(this.#pauseTimer);
  }

  #grant(): void {
    if (this.#pausedUntil > 0) return;
    while (this.#active < this.limit) {
      const waiter = this.#urgent.shift() ?? first(this.#waiting);
      if (waiter === undefined) return;
      this.#waiting.delete(waiter);
      this.#active += 1;
      waiter.grant(this.#slot());
    }
  }

  #slot(): Slot {
    const epoch = this.#epoch;
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        if (outcome === "throttled" && epoch === this.#epoch) this.#cut();
        if (outcome === "ok") this.#grow();
        this.#active -= 1;
        this.#grant();
      },
    };
  }

  #cut(): void {
    this.#epoch += 1;
    // Not the limit but what was under way is what the server could not bear.
    this.#ceiling = Math.max(1, Math.min(this.limit, this.#active));
    this.#limit = Math.max(1, Math.floor(this.#ceiling / 2));
  }

  #grow(): void {
    this.#successes += 1;
    // A limit that is not made use of proves nothing.
    if (this.#limit >= this.max || this.#active < this.limit) return;
    const round =
      this.#limit < SAFE_PART * this.#ceiling
        ? Math.max(1, this.#limit / 4)
        : Math.max(1, (this.#limit - this.#ceiling) / 4);
    this.#limit = Math.min(this.max, this.#limit + round / this.#limit);
  }
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
