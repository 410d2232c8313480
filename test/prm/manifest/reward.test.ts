import { describe, expect, it } from "vitest";
import { toReward } from "../../../src/prm/manifest/reward.ts";

const unit = { name: "m", output: { name: "logits", activation: "none" } } as const;
const signed = { name: "m", output: { ...unit.output, range: [-1, 1] as [-1, 1] } };

describe("a signed model", () => {
  it.each([
    [-1, 0],
    [0, 0.5],
    [1, 1],
    [0.5, 0.75],
    [-1.7, 0],
    [3, 1],
  ])("gives V = (R + 1) / 2, cut to its range: %d", (R, V) => {
    expect(toReward(R, signed, "here")).toBe(V);
  });

  it.each([NaN, Infinity, undefined])("gives no reward for %s", (value) => {
    expect(() => toReward(value, signed, "here")).toThrow(/from -1 to 1/);
  });
});

it("any other model that leaves [0, 1] is refused", () => {
  expect(toReward(0.5, unit, "here")).toBe(0.5);
  expect(() => toReward(-0.5, unit, "here")).toThrow(/from 0 to 1/);
});
