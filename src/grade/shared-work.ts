interface Running<T> {
  readonly result: Promise<T>;
  readonly ending: AbortController;
  waiting: number;
}

/**
 * Work by key that several may wait for: under way once, its result kept for whoever asks later, and ended when nobody
 * waits for it any more.
 */
export class SharedWork<T> {
  readonly #running = new Map<string, Running<T>>();
  readonly #kept = new Map<string, T>();
  readonly #mostKept: number;
  readonly #keeps: (result: T) => boolean;

  constructor(mostKept: number, keeps: (result: T) => boolean) {
    this.#mostKept = mostKept;
    this.#keeps = keeps;
  }

  /** Errors: those of `work`; the signal's reason when that aborts first. */
  async get(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.waiting += 1;
    let leave = (): void => {};
    const left = new Promise<never>((_, reject) => {
      leave = (): void => {
        reject(signal.reason);
        running.waiting -= 1;
        if (running.waiting === 0) this.#drop(key, running);
      };
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([running.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const ending = new AbortController();
    const result = work(ending.signal);
    const running: Running<T> = { result, ending, waiting: 0 };
    this.#running.set(key, running);
    const done = (): void => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    };
    result.then((value) => {
      done();
      if (!ending.signal.aborted && this.#keeps(value)) this.#keep(key, value);
    }, done);
    return running;
  }

  /** Whoever asks from now on starts it anew. */
  #drop(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
    running.ending.abort(new DOMException("nobody waits for it", "AbortError"));
  }

  #keep(key: string, value: T): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= this.#mostKept) this.#kept.delete(oldest);
    this.#kept.set(key, value);
  }
}
