import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesInUse, planMemory } from "../../../src/prm/scoring/memory.ts";
import type { MemoryNeeds } from "../../../src/prm/scoring/memory.ts";

const MIB = 2 ** 20;
const needs = fc.record({
  loadedBytes: fc.integer({ min: 50 * MIB, max: 8000 * MIB }),
  activations: fc.record({
    perToken: fc.integer({ min: 64, max: 20_000 }),
    perPair: fc.integer({ min: 1, max: 64 }),
  }),
  cacheRowBytes: fc.integer({ min: 0, max: 500_000 }),
  contextLength: fc.integer({ min: 16, max: 32_768 }),
});
const bound = fc.integer({ min: 100, max: 16_000 }).map((mib) => mib * MIB);

/** Whether anything fits at all. */
const possible = (needs: MemoryNeeds, maxBytes: number) =>
  bytesInUse(needs, 16, Math.min(256, needs.contextLength)) <= maxBytes;

test("what is planned fits, and twice as much at once would not, or is more than is of use", () => {
  fc.assert(
    fc.property(needs, bound, (needs, maxBytes) => {
      fc.pre(possible(needs, maxBytes));
      const plan = planMemory(needs, maxBytes, 512);
      expect(bytesInUse(needs, plan.tokens, plan.contextLength)).toBeLessThanOrEqual(maxBytes);
      const twice = bytesInUse(needs, plan.tokens * 2, needs.contextLength);
      expect(plan.tokens === 512 || twice > maxBytes).toBe(true);
    }),
  );
});

test("a bound below the least work is an error that names the least bound, which then holds", () => {
  fc.assert(
    fc.property(needs, bound, (needs, maxBytes) => {
      fc.pre(!possible(needs, maxBytes));
      let message = "";
      try {
        planMemory(needs, maxBytes, 512);
      } catch (error) {
        message = String(error);
      }
      const named = Number(/--max-memory of at least (\d+) MiB/.exec(message)?.[1]);
      expect(planMemory(needs, named * MIB, 512).tokens).toBeGreaterThanOrEqual(16);
    }),
  );
});

test("the context, and with it the statement, is cut only when the fewest tokens at once do not fit", () => {
  fc.assert(
    fc.property(needs, bound, (needs, maxBytes) => {
      fc.pre(possible(needs, maxBytes));
      const { tokens, contextLength } = planMemory(needs, maxBytes, 512);
      fc.pre(contextLength < needs.contextLength);
      expect(tokens).toBe(16);
      expect(bytesInUse(needs, 16, contextLength + 1)).toBeGreaterThan(maxBytes);
    }),
  );
});

test("a graph of rows has room for its longest sequence, which it takes whole", () => {
  const rows = {
    loadedBytes: 100 * MIB,
    activations: { perToken: 1536, perPair: 12 },
    cacheRowBytes: 0,
    contextLength: 512,
  };
  const wholeSequence = 4 * 4 * 512 * (1536 + 512 * 12);
  const least = 164 * MIB + wholeSequence;
  expect(planMemory(rows, least, 4096).contextLength).toBe(512);
  expect(planMemory(rows, least - MIB, 4096).contextLength).toBeLessThan(512);
});
