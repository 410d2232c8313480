/**
 * Works on up to `window` items at once and gives the results in the items' order, each as soon as it and those before it are done:
 * a source that pauses holds up no result. A failure is thrown in its place; one of the source after the results of what it gave.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  window: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const source = iterate(items);
  const started: Promise<R>[] = [];
  let drawing: Promise<Drawn<T>> | undefined = draw(source);
  let failure: { readonly error: unknown } | undefined;
  try {
    while (drawing !== undefined || started.length > 0) {
      const oldest = started[0];
      const drawn: Drawn<T> | undefined =
        drawing === undefined || started.length >= window ? undefined : await firstOf(drawing, oldest);
      if (drawn === undefined) {
        void started.shift();
        if (oldest !== undefined) yield await oldest;
      } else if ("item" in drawn) {
        const result = work(drawn.item);
        // Nobody waits for those behind the first failure.
        result.catch(() => undefined);
        started.push(result);
        drawing = draw(source);
      } else {
        failure = drawn.failure;
        drawing = undefined;
      }
    }
  } finally {
    // Not awaited: a generator that waits for its next item only ends when that comes.
    source.return(undefined).catch(() => undefined);
  }
  if (failure !== undefined) throw failure.error;
}

/** The next item, or the end of the source, with its failure if it has one. */
type Drawn<T> = { readonly item: T } | { readonly failure: { readonly error: unknown } | undefined };

async function draw<T>(source: AsyncGenerator<T, undefined>): Promise<Drawn<T>> {
  try {
    const next = await source.next();
    return next.done === true ? { failure: undefined } : { item: next.value };
  } catch (error) {
    return { failure: { error } };
  }
}

/** What was drawn, or undefined when the oldest result came first, even by failing. */
function firstOf<T, R>(
  drawing: Promise<Drawn<T>>,
  oldest: Promise<R> | undefined,
): Promise<Drawn<T> | undefined> {
  if (oldest === undefined) return drawing;
  const finished = oldest.then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([drawing, finished]);
}

async function* iterate<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, undefined> {
  yield* items;
}
