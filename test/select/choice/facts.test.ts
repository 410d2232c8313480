import { expect, it } from "vitest";
import { choiceFacts } from "../../../src/select/choice/facts.ts";

it("says what was seen of the choice and of its rivals", () => {
  const pool = [
    { exampleResults: [true, true], probeAnswers: ["a", "b", null], largeInputsAnswered: 5 },
    { exampleResults: [true, null], probeAnswers: ["a", "b", null], largeInputsAnswered: 1 },
    { exampleResults: [false, true], probeAnswers: ["a", "c", "d"], largeInputsAnswered: 0 },
  ].map((evidence, sampleIndex) => ({ sampleIndex, code: "print(1)", ...evidence }));
  expect(choiceFacts(pool, 0)).toEqual([
    "passes 2 of 2 examples; 2 of 3 candidates fail none",
    "answers 2 of 3 further inputs; 2 of 3 candidates answer all alike",
    "answers 5 large inputs in time",
  ]);
  expect(choiceFacts(pool, 1)[0]).toBe(
    "passes 1 of 2 examples, 1 allow other answers; 2 of 3 candidates fail none",
  );
});

it("says what could not be seen", () => {
  const pool = [{ sampleIndex: 0, code: "class A: ...", soundness: -1 }];
  expect(choiceFacts(pool, 0)).toEqual([
    "no example of the statement could be run",
    "no further input could be made",
    "reading finds something missing or undefined",
  ]);
});
