/** Holds back what must run alone until everything else is done, then runs it one by one. */
export class AloneQueue {
  readonly #patienceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting: (() => Promise<void>)[] = [];
  #active = 0;
  #draining = false;

  /**
   * `patienceMs`: what is held back runs after so long whatever else goes on, for work that never comes to rest; its
   * own `run` must then see to it that it is alone.
   */
  constructor(patienceMs?: number) {
    this.#patienceMs = patienceMs;
  }

  /** Counts work that must not run together with what is held back; returns what ends it. */
  enter(): () => void {
    this.#active += 1;
    return () => {
      this.#active -= 1;
      this.#drainWhenQuiet();
    };
  }

  /**
   * Runs `task` when all that entered has left. The caller has entered itself, so it counts as left while it waits.
   */
  whenAlone<T>(task: () => Promise<T>): Promise<T> {
    this.#active -= 1;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => {
        const run = task();
        run.then(resolve, reject);
        this.#active += 1;
        return run.then(
          () => undefined,
          () => undefined,
        );
      });
      this.#drainWhenQuiet();
      if (this.#patienceMs === undefined || this.#draining) return;
      this.#timer ??= setTimeout(() => this.#startDraining(), this.#patienceMs);
    });
  }

  #drainWhenQuiet(): void {
    if (this.#active === 0) this.#startDraining();
  }

  #startDraining(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#draining || this.#waiting.length === 0) return;
    this.#draining = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    const batch = this.#waiting.splice(0);
    for (const task of batch) await task();
    this.#draining = false;
    // What came meanwhile has waited for these.
    if (this.#patienceMs === undefined) this.#drainWhenQuiet();
    else this.#startDraining();
  }
}
