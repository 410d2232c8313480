import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelTurns } from "../../../src/solve/sampling/model-turns.ts";

describe("models that take turns", () => {
  it("gives every sample to one model, and every model its own samples from 0", () => {
    const turns = new ModelTurns("a, b,c");
    expect(turns.models).toEqual(["a", "b", "c"]);
    expect(turns.ownIndices("a", [0, 1, 2, 3, 4, 5, 6])).toEqual([0, 1, 2]);
    expect(turns.ownIndices("c", [0, 1, 2, 3, 4, 5, 6])).toEqual([0, 1]);
  });

  it("finds a sample's place in the pool again", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 9 }), (index, count) => {
        const turns = new ModelTurns(Array.from({ length: count }, (_, i) => `m${i}`).join(","));
        expect(turns.sampleIndex(turns.turn(index))).toBe(index);
      }),
    );
  });

  it.each([
    ["a,a", /got a twice/],
    ["a,", /got an empty name/],
  ])("refuses %s", (names, message) => {
    expect(() => new ModelTurns(names)).toThrow(message);
  });
});
