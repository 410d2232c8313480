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

/** Answers to the requests that started under one and the same limit. */
interface Round {
  ok: number;
  throttled: number;
  /** Most requests under way at once. */
  peak: number;
  /** Why the limit is lower than it was in the round before; undefined when it was not cut. */
  readonly cut: Cut | undefined;
}

/** The round that a limit was cut for. */
interface Cut {
  readonly limit: number;
  /** Part of its answers that were refusals. */
  readonly share: number;
  /** The same at half the limit, where that was no less: this round tests whether refusals are random. */
  readonly half: number | undefined;
}

/** Part of a round that may be throttled without the limit being cut: such refusals cost less than idle slots. */
const TOLERANCE = 1 / 3;
/** Part of a round up to which the limit still grows. */
const CALM = 0.1;
/** A server that refuses more than this does so because of the load. */
const MOST_RANDOM = 0.6;
/** Below this part of the limit that was too high, growth is fast; around it, one request a round. */
const SAFE_PART = 0.75;
/** Fewest answers that a round is judged by. */
const SHORTEST_ROUND = 16;
/** A server that refuses at random does so at a small load too: this part of the limit is the test. */
const SMALL_PART = 1 / 4;
/** Fewest answers that the test is judged by. */
const TEST_ROUND = 24;
/** Part of the refusals that a small load still meets when they are random; of those by load it meets none. */
const RANDOM_LEFT = 1 / 4;
/** A round at random may be so many times as unlucky as the server is, and still be no reason to cut or not to grow. */
const BAD_LUCK = { cut: 1.5, grow: 1.2 };
/** A throttled slot rests as long as a good answer takes, or this long before there was one; milliseconds. */
const REST_MS = 100;
const LONGEST_REST_MS = 2000;

/**
 * Bounds the requests under way and adapts the bound to the server. It starts at `max` and halves when the server
 * throttles more than a third of a round; it grows again: by a quarter a round while well below the bound that was
 * too high, then by one, then faster the longer it holds. Where neither halving nor a small load changes anything,
 * because the server refuses at random, the cut is undone. A throttled slot rests before it is used again, so refusals
 * cannot spin. Nothing is judged by the clock: a slow machine only makes the rounds longer.
 */
export class AdaptiveLimiter {
  readonly max: number;
  #limit: number;
  #ceiling = Infinity;
  /** Part of all requests that the server is known to refuse whatever the load. */
  #random = 0;
  #round = newRound();
  #lastShare = 0;
  #active = 0;
  #successes = 0;
  #latencyMs: number | undefined;
  #pausedUntil = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  #urgent: Waiter[] = [];
  readonly #waiting = new Set<Waiter>();

  constructor(max: number) {
    if (!Number.isInteger(max) || max < 1) {
      throw new FunprmError("usage", `concurrency must be a whole number from 1, got ${max}`);
    }
    this.max = max;
    this.#limit = max;
  }

  /** Requests that may be under way just now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Slots handed out, those that rest included. */
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
    const until = performance.now() + ms;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#after(ms, () => {
      if (this.#pausedUntil === until) this.#pausedUntil = 0;
      this.#grant();
    });
  }

  /** Forgets what was to happen later; slots given back after this are not handed on. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #grant(): void {
    if (this.#pausedUntil > 0) return;
    while (this.#active < this.limit) {
      const waiter = this.#urgent.shift() ?? first(this.#waiting);
      if (waiter === undefined) return;
      this.#waiting.delete(waiter);
      this.#active += 1;
      this.#round.peak = Math.max(this.#round.peak, this.#active);
      waiter.grant(this.#slot());
    }
  }

  #slot(): Slot {
    const round = this.#round;
    const start = performance.now();
    let held = true;
    const free = (): void => {
      this.#active -= 1;
      this.#grant();
    };
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        const tookMs = performance.now() - start;
        if (outcome === "ok") {
          this.#successes += 1;
          this.#latencyMs = this.#latencyMs === undefined ? tookMs : 0.9 * this.#latencyMs + 0.1 * tookMs;
          round.ok += 1;
          this.#grow();
        }
        if (outcome === "throttled") round.throttled += 1;
        if (round === this.#round) this.#judge();
        const restMs = Math.min(this.#latencyMs ?? REST_MS, LONGEST_REST_MS) - tookMs;
        if (outcome === "throttled" && restMs > 0) this.#after(restMs, free);
        else free();
      },
    };
  }

  /** Looks at the round when enough is known of it. */
  #judge(): void {
    const { ok, throttled, cut } = this.#round;
    const size = Math.max(cut?.half === undefined ? SHORTEST_ROUND : TEST_ROUND, this.limit);
    const whole = ok + throttled >= size;
    // Refusals come before answers: only a round that no cut has started may be ended by them alone.
    const tolerance = Math.max(TOLERANCE, BAD_LUCK.cut * this.#random);
    const hopeless = cut === undefined && throttled > tolerance * size;
    if (!whole && !hopeless) return;
    const share = throttled / (ok + throttled);
    this.#lastShare = share;
    if (cut?.half !== undefined) this.#endTest(share, cut, cut.half);
    else if (cut !== undefined && isUseless(cut.share, share)) this.#doubt(share, cut);
    else if (share > tolerance) this.#cut(share);
    else this.#round = newRound();
  }

  #cut(share: number): void {
    const from = this.limit;
    // Not the limit but what was under way is what the server could not bear.
    this.#ceiling = Math.max(1, Math.min(from, this.#round.peak));
    this.#limit = Math.max(1, Math.floor(this.#ceiling / 2));
    this.#round = newRound({ limit: from, share, half: undefined });
  }

  /**
   * Halving has changed nothing. On a busy machine chance does that too, and to take refusals by load for random ones
   * costs hundreds of them: the first time a small load has to show it.
   */
  #doubt(share: number, cut: Cut): void {
    const known = this.#random > 0;
    this.#limit = known ? Math.min(this.max, cut.limit) : Math.max(1, Math.floor(cut.limit * SMALL_PART));
    this.#round = newRound(known ? undefined : { ...cut, half: share });
  }

  #endTest(share: number, cut: Cut, half: number): void {
    if (share > RANDOM_LEFT * cut.share) {
      // No cut so far was the load's.
      this.#random = Math.max(cut.share, half);
      this.#ceiling = Infinity;
      this.#limit = this.max;
    } else this.#limit = Math.max(1, Math.floor(cut.limit / 2));
    this.#round = newRound();
  }

  #grow(): void {
    // A limit that is not made use of proves nothing.
    if (this.#limit >= this.max || this.#active < this.limit) return;
    const calm = Math.max(CALM, BAD_LUCK.grow * this.#random);
    if (this.#lastShare > calm || this.#round.throttled > calm * this.#limit) return;
    const step =
      this.#limit < SAFE_PART * this.#ceiling
        ? Math.max(1, this.#limit / 4)
        : Math.max(1, (this.#limit - this.#ceiling) / 4);
    this.#limit = Math.min(this.max, this.#limit + step / this.#limit);
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function newRound(cut?: Cut): Round {
  return { ok: 0, throttled: 0, peak: 0, cut };
}

/**
 * Whether halving the load has left the refusals as they were. A server with room for C of L requests refuses
 * 1 - C/L of them, and of half as many max(0, 2s - 1); one that refuses at random refuses s of both.
 */
function isUseless(before: number, after: number): boolean {
  if (before === 0 || before > MOST_RANDOM) return false;
  return after > (before + Math.max(0, 2 * before - 1)) / 2;
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
