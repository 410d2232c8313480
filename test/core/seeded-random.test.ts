import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/seeded-random.ts";

test("every bucket of below(7) gets its share, within five standard deviations", () => {
  const random = seededRandom(42);
  const counts = Array.from({ length: 7 }, () => 0);
  for (let i = 0; i < 70_000; i++) {
    const at = random.below(7);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  expect(counts).toHaveLength(7);
  for (const count of counts)
    expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(70_000 * (1 / 7) * (6 / 7)));
});

test("neighbouring seeds give unrelated numbers, seed 0 is as good as any", () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed).next());
  expect(new Set(firsts).size).toBe(1000);
  const mean = firsts.reduce((sum, value) => sum + value, 0) / 1000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 1000));
  expect(Math.min(...firsts)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...firsts)).toBeLessThan(1);
});
