import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSequences } from "../../../src/prm/tokens/sequence.ts";
import type { SequenceRules, TokenSequence } from "../../../src/prm/tokens/sequence.ts";
import { buildTokenTree } from "../../../src/prm/tokens/token-tree.ts";
import type { TokenTree } from "../../../src/prm/tokens/token-tree.ts";
import { planCalls } from "../../../src/prm/scoring/tree-calls.ts";

// Few different ids, so that common beginnings are common.
const ids = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 });
const sequence: fc.Arbitrary<TokenSequence> = ids.chain((ids) =>
  fc.record({
    ids: fc.constant(Int32Array.from(ids)),
    marks: fc.oneof(fc.constant(null), fc.subarray([...ids.keys()], { minLength: 1 })),
  }),
);
const sequences = fc.array(sequence, { maxLength: 30 });

const readingsOf = ({ ids, marks }: TokenSequence) => marks ?? [ids.length - 1];

/** Places of a token's ancestors and of itself, the root first, by the meaning of `ends`. */
function branch({ ends }: TokenTree, place: number): number[] {
  return [...ends.keys()].filter((other) => other <= place && place < (ends[other] ?? 0));
}

const idsAt = (tree: TokenTree, places: readonly number[]) => places.map((place) => tree.ids[place]);

describe("a tree of tokens", () => {
  test("has behind every reading exactly the tokens that its sequence has before it, at the same positions", () => {
    fc.assert(
      fc.property(sequences, (sequences) => {
        const tree = buildTokenTree(sequences);
        expect(tree.readings).toHaveLength(sequences.length);
        for (const [index, sequence] of sequences.entries()) {
          const positions = readingsOf(sequence);
          expect(tree.readings[index]).toHaveLength(positions.length);
          for (const [reward, position] of positions.entries()) {
            const places = branch(tree, tree.readings[index]?.[reward] ?? -1);
            expect(idsAt(tree, places)).toEqual([...sequence.ids.subarray(0, position + 1)]);
            expect(places.map((place) => tree.depths[place])).toEqual([...places.keys()]);
          }
        }
      }),
    );
  });

  test("has every distinct prefix once and nothing that no reward depends on", () => {
    fc.assert(
      fc.property(sequences, (sequences) => {
        const prefixes = new Set<string>();
        for (const sequence of sequences) {
          const last = Math.max(...readingsOf(sequence));
          for (let end = 1; end <= last + 1; end++) prefixes.add(sequence.ids.subarray(0, end).join());
        }
        const tree = buildTokenTree(sequences);
        expect(tree.ids).toHaveLength(prefixes.size);
        expect(tree.height).toBe(Math.max(0, ...[...tree.depths].map((depth) => depth + 1)));
      }),
    );
  });

  test("scores closing text as a branch that sees its own prefix only", () => {
    const rules: SequenceRules = {
      reading: { kind: "prefix" },
      specialTokens: { first: 1, betweenStatementAndCode: 2, last: 3, pad: 0 },
      contextLength: 64,
    };
    const programs = [
      [[200], [201]],
      [[200], [202]],
    ].map((steps) => buildSequences({ statement: [100, 101], steps, afterCode: [300] }, rules));
    const tree = buildTokenTree(programs.flatMap(({ sequences }) => sequences));
    // Statement, step 200, and after it: its own closing text, and two second steps, each with closing text.
    expect([...tree.ids]).toEqual([1, 100, 101, 2, 200, 201, 300, 3, 202, 300, 3, 300, 3]);
    expect([...tree.depths]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 5, 6, 7, 5, 6]);
    expect(tree.readings).toEqual([[12], [7], [12], [10]]);
  });

  test("of nothing is empty; a sequence without tokens is refused", () => {
    expect(buildTokenTree([]).ids).toHaveLength(0);
    expect(() => buildTokenTree([{ ids: new Int32Array(0), marks: null }])).toThrow(/specialTokens\.first/);
  });
});

describe("calls over a tree", () => {
  const cut = fc.integer({ min: 1, max: 40 });

  test("take every token once, in order, in as few calls as the limit allows", () => {
    fc.assert(
      fc.property(sequences, cut, (sequences, maxTokens) => {
        const tree = buildTokenTree(sequences);
        const calls = [...planCalls(tree, maxTokens)];
        expect(calls.map(({ start }) => start)).toEqual(
          [0, ...calls.map(({ end }) => end)].slice(0, calls.length),
        );
        expect(calls.at(-1)?.end ?? 0).toBe(tree.ids.length);
        expect(calls).toHaveLength(Math.ceil(tree.ids.length / maxTokens));
        const sizes = calls.map(({ start, end }) => end - start);
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxTokens);
      }),
    );
  });

  test("show every new token its ancestors, cached or new, and no other token", () => {
    fc.assert(
      fc.property(sequences, cut, (sequences, maxTokens) => {
        const tree = buildTokenTree(sequences);
        // The cache as the model keeps it: at each depth the place of the token whose row lies there.
        const cache: number[] = [];
        for (const { start, end, past, visibleUntil, kept } of planCalls(tree, maxTokens)) {
          expect(visibleUntil).toHaveLength(past + end - start);
          const seen = [...cache.slice(0, past), ...Array.from({ length: end - start }, (_, i) => start + i)];
          for (let place = start; place < end; place++) {
            const visible = seen.filter((other, index) => {
              const first = index < past ? 0 : other - start;
              return first <= place - start && place - start < (visibleUntil[index] ?? 0);
            });
            expect(visible).toEqual(branch(tree, place));
          }
          for (const { place, depth } of kept) {
            expect(tree.depths[place]).toBe(depth);
            cache[depth] = place;
          }
        }
      }),
    );
  });

  test("cache one branch, however many programs there are", () => {
    const statement = Array.from({ length: 50 }, (_, id) => id);
    const programs = Array.from({ length: 1000 }, (_, program) => ({
      ids: Int32Array.from([...statement, 100 + program, 1, 2, 3]),
      marks: null,
    }));
    const tree = buildTokenTree(programs);
    expect(tree.ids).toHaveLength(50 + 1000 * 4);
    const calls = [...planCalls(tree, 64)];
    expect(Math.max(...calls.map(({ past }) => past))).toBeLessThanOrEqual(tree.height);
    expect(calls.slice(1).every(({ past }) => past >= 50)).toBe(true);
  });
});
