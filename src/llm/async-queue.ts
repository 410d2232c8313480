/**
 * Hands values from many producers to one consumer, in order of arrival. `push` waits while `capacity` values
 * lie unread, so that fast producers do not fill the memory of a slow consumer.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  #values: T[] = [];
  #closed = false;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducers: (() => void)[] = [];

  constructor(capacity = Infinity) {
    this.#capacity = capacity;
  }

  async push(value: T): Promise<void> {
    while (this.#values.length >= this.#capacity && !this.#closed) {
      await new Promise<void>((resolve) => this.#wakeProducers.push(resolve));
    }
    this.#values.push(value);
    this.#wakeConsumer?.();
  }

  /** No value comes after those already pushed. */
  close(): void {
    this.#closed = true;
    this.#wakeConsumer?.();
    this.#releaseProducers();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        const values = this.#values;
        this.#values = [];
        this.#releaseProducers();
        yield* values;
        if (this.#values.length > 0) continue;
        if (this.#closed) return;
        await new Promise<void>((resolve) => (this.#wakeConsumer = resolve));
        this.#wakeConsumer = undefined;
      }
    } finally {
      this.close();
    }
  }

  #releaseProducers(): void {
    const waiting = this.#wakeProducers;
    this.#wakeProducers = [];
    for (const wake of waiting) wake();
  }
}
