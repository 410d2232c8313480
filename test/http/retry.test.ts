import { expect, test } from "vitest";
import type { Attempt } from "../../src/http/attempt.ts";
import { backoffMs, delayMs, mayHelp, retriesFor, retryAfterMs } from "../../src/http/retry.ts";

const headers =
  (values: Readonly<Record<string, string>>) =>
  (name: string): string | null =>
    values[name] ?? null;

test.each([
  [{ "retry-after": "2" }, 2000],
  [{ "retry-after": " 0.5 " }, 500],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
  [{ "retry-after-ms": "soon", "retry-after": "9" }, 9000],
  [{ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }, 9000],
  [{ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT", date: "Thu, 01 Jan 1970 00:00:07 GMT" }, 3000],
  [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "later" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{}, undefined],
])("Retry-After %j is %j ms", (values, ms) => {
  expect(retryAfterMs(headers(values), 1000)).toBe(ms);
});

test("waits double up to 16 times the first, at least half of it is certain", () => {
  expect([1, 2, 3, 5, 9].map((failures) => backoffMs(failures, 100, () => 1))).toEqual([
    100, 200, 400, 1600, 1600,
  ]);
  expect(backoffMs(3, 100, () => 0)).toBe(200);
  expect(backoffMs(0, 100, () => 1)).toBe(100);
});

const refused = (status: number, more: object = {}): Attempt => ({
  kind: "refused",
  status,
  error: { message: "m" },
  ...more,
});

test("a longer Retry-After wins over the backoff, a shorter one does not", () => {
  const policy = { maxRetries: 3, backoffBaseMs: 100 };
  expect(delayMs(refused(429, { retryAfterMs: 5000 }), 1, policy)).toBe(5000);
  expect(delayMs(refused(429, { retryAfterMs: 0 }), 1, policy)).toBeGreaterThanOrEqual(50);
});

test("what is worth sending again", () => {
  const worth = [408, 409, 425, 429, 500, 502, 503, 529].map((status) => mayHelp(refused(status)));
  expect(worth.every(Boolean)).toBe(true);
  const not = [400, 401, 402, 403, 404, 413, 422].map((status) => mayHelp(refused(status)));
  expect(not.some(Boolean)).toBe(false);
  expect(mayHelp(refused(500, { shouldRetry: false }))).toBe(false);
  expect(mayHelp(refused(404, { shouldRetry: true }))).toBe(true);
  expect(mayHelp({ kind: "lost", why: "" })).toBe(true);
  expect(mayHelp({ kind: "unreachable", why: "", hopeless: true })).toBe(false);
  const policy = { maxRetries: 8, backoffBaseMs: 1 };
  const down: Attempt = { kind: "unreachable", why: "", hopeless: false };
  expect([retriesFor(down, policy, false), retriesFor(down, policy, true)]).toEqual([3, 8]);
});
