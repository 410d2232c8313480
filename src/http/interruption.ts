import { setMaxListeners } from "node:events";
import { FunprmError } from "../core/errors.ts";

/** The error of work that the user stopped. */
export function interrupted(): FunprmError {
  return new FunprmError("interrupted", "interrupted: everything finished is kept; run again to resume");
}

export function isInterruption(error: unknown): boolean {
  return error instanceof FunprmError && error.code === "interrupted";
}

/**
 * The two ways in which work is ended: `stop`, after which nothing starts, and `cut`, which ends what is under way.
 * An outer signal stops at once and cuts after a grace.
 */
export class Interruption {
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #graceMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(outer: AbortSignal | undefined, graceMs: number) {
    this.#outer = outer;
    this.#graceMs = graceMs;
    // Any number of requests may listen; the default of 10 is a warning against leaks.
    setMaxListeners(0, this.#stop.signal, this.#cut.signal);
    if (outer === undefined) return;
    if (outer.aborted) this.#onOuter();
    else {
      setMaxListeners(0, outer);
      outer.addEventListener("abort", this.#onOuter);
    }
  }

  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  get cutSignal(): AbortSignal {
    return this.#cut.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  cut(): void {
    this.#stop.abort();
    this.#cut.abort();
  }

  /** The work has ended: the outer signal no longer concerns it. */
  close(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#onOuter);
  }

  readonly #onOuter = (): void => {
    this.#stop.abort();
    this.#timer = setTimeout(() => this.#cut.abort(), this.#graceMs);
  };
}
