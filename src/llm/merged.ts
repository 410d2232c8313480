import { AsyncQueue } from "./async-queue.ts";

/** Values that may wait for a slow consumer. */
const UNREAD = 64;

/** Begins a source; its signal aborts when nobody reads on, so that what is under way ends too. */
type Start<T> = (over: AbortSignal) => AsyncGenerator<T>;

/**
 * The values of several sources in order of arrival. A source that fails does not hold up the others: the first error is
 * thrown when all have ended.
 */
export async function* merged<T>(starts: readonly Start<T>[]): AsyncGenerator<T, void, void> {
  const queue = new AsyncQueue<T>(UNREAD);
  const errors: unknown[] = [];
  const over = new AbortController();
  const drain = async (start: Start<T>): Promise<void> => {
    try {
      for await (const value of start(over.signal)) {
        if (over.signal.aborted) return;
        await queue.push(value);
      }
    } catch (error) {
      errors.push(error);
    }
  };
  const all = Promise.all(starts.map(drain)).finally(() => queue.close());
  try {
    yield* queue;
  } finally {
    over.abort();
    queue.close();
    await all;
  }
  if (errors.length > 0) throw errors[0];
}
