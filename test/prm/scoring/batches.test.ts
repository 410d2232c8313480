import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planBatches } from "../../../src/prm/scoring/batches.ts";
import type { TokenSequence } from "../../../src/prm/tokens/sequence.ts";

// Few different ids and short rows, so that equal rows are common.
const marked: fc.Arbitrary<TokenSequence> = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 })
  .chain((ids) => fc.record({ ids: fc.constant(Int32Array.from(ids)), marks: fc.subarray([...ids.keys()]) }));
const prefix: fc.Arbitrary<TokenSequence> = fc
  .oneof(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 80 }),
  )
  .map((ids) => ({ ids: Int32Array.from(ids), marks: null }));
const rows = fc.oneof(fc.array(marked, { maxLength: 60 }), fc.array(prefix, { maxLength: 60 }));
const limits = fc.record({
  maxTokens: fc.integer({ min: 1, max: 300 }),
  maxRows: fc.integer({ min: 1, max: 12 }),
});

const same = (a: TokenSequence | undefined, b: TokenSequence | undefined) =>
  a?.ids.join() === b?.ids.join() && a?.marks?.join() === b?.marks?.join();

test("every sequence leads to its equal, and no two that are kept are equal", () => {
  fc.assert(
    fc.property(rows, limits, (sequences, limits) => {
      const { unique, slots } = planBatches(sequences, limits);
      expect(slots).toHaveLength(sequences.length);
      for (const [index, slot] of slots.entries()) expect(same(unique[slot], sequences[index])).toBe(true);
      const different = new Set(sequences.map(({ ids, marks }) => `${ids.join()} ${marks?.join()}`));
      expect(unique).toHaveLength(different.size);
    }),
  );
});

test("every kept sequence runs once, within the limits, and at most a tenth of a batch is padding", () => {
  fc.assert(
    fc.property(rows, limits, (sequences, limits) => {
      const { unique, batches } = planBatches(sequences, limits);
      expect(batches.flat().sort((a, b) => a - b)).toEqual([...unique.keys()]);
      for (const batch of batches) {
        const lengths = batch.map((index) => unique[index]?.ids.length ?? 0);
        const padded = batch.length * Math.max(...lengths);
        const tokens = lengths.reduce((sum, length) => sum + length, 0);
        expect(batch.length).toBeLessThanOrEqual(limits.maxRows);
        expect(batch.length === 1 || padded <= limits.maxTokens).toBe(true);
        expect(padded - tokens).toBeLessThanOrEqual(0.1 * padded);
      }
    }),
  );
});

test("equal lengths fill batches up to the limits", () => {
  const sequences = Array.from({ length: 10 }, (_, id) => ({ ids: Int32Array.from([id, 1]), marks: null }));
  expect(planBatches(sequences, { maxTokens: 8, maxRows: 99 }).batches).toHaveLength(3);
  expect(planBatches(sequences, { maxTokens: 99, maxRows: 5 }).batches).toHaveLength(2);
  expect(planBatches(sequences, { maxTokens: 99, maxRows: 1 }).batches).toHaveLength(10);
});
