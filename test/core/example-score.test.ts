import { expect, test } from "vitest";
import { exampleScore } from "../../src/core/example-score.ts";

test("an open output is worth more than a wrong one and less than a right one", () => {
  expect(exampleScore([])).toBe(0);
  expect(exampleScore([true, false, null])).toBe(1.5);
  expect(exampleScore([false])).toBeLessThan(exampleScore([null]));
  expect(exampleScore([null])).toBeLessThan(exampleScore([true]));
});
