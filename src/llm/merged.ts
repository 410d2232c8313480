import { AsyncQueue } from "./async-queue.ts";

/** Values that may wait for a slow consumer. */
const UNREAD = 64;

/**
 * The values of several sources in order of arrival. A source that fails does not hold up the others: the first error is
 * thrown when all have ended.
 */
export async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T, void, void> {
  const queue = new AsyncQueue<T>(UNREAD);
  const errors: unknown[] = [];
  let isOver = false;
  const drain = async (source: AsyncGenerator<T>): Promise<void> => {
    try {
      for await (const value of source) {
        if (isOver) return;
        await queue.push(value);
      }
    } catch (error) {
      errors.push(error);
    }
  };
  const all = Promise.all(sources.map(drain)).finally(() => queue.close());
  try {
    yield* queue;
  } finally {
    isOver = true;
    queue.close();
    await all;
  }
  if (errors.length > 0) throw errors[0];
}
