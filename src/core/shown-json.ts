/**
 * A value from outside as JSON, for a message. What is nested a thousand times deep parses, and overflows the stack when
 * it is written again.
 */
export function shownJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return typeof value === "bigint" ? String(value) : "a value that is nested too deep to be shown";
  }
}
