/**
 * What `read` gives of an answer; undefined where the answer is nested deeper than the stack. Programs may write such, and
 * no right answer is: it must not end the work on all the others.
 */
export function unlessTooDeep<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
