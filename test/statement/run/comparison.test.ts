import { describe, expect, test } from "vitest";
import { comparisonHints } from "../../../src/statement/examples/comparison-hints.ts";
import { stdoutVerdict, valueVerdict } from "../../../src/statement/run/example-verdict.ts";

describe("what statements say about other right outputs", () => {
  test.each([
    "If there are multiple solutions, print any of them.",
    "If multiple answers exist, you may output any one of them.",
    "If several orders work, any of them will be accepted.",
    "You may return any valid answer.",
    "Print any such sequence; any sequence that fits is considered correct.",
    "If there is more than one, any solution is accepted.",
    "Any output that satisfies the conditions in the problem statement will be considered correct.",
  ])("any answer: %s", (sentence) => {
    expect(comparisonHints(sentence)).toEqual({ anyAnswer: true });
  });
  test.each([
    "You may apply any of the following operations any number of times.",
    "Find any substring that is a palindrome. Return its length.",
    "There are multiple ways. Print how many.\nAny of them may be empty.",
    "If there are multiple such strings, return the lexicographically smallest one.",
    "Swap any of them once.",
    "We can choose either of them, but not both.",
    "He may eat the dishes in any order he likes.",
    "For any non-empty string we may apply the operations in any order.",
  ])("nothing: %s", (sentence) => {
    expect(comparisonHints(sentence)).toEqual({});
  });
  test.each([
    ["Your answer is correct if its absolute or relative error is at most 10^{-6}.", 1e-6],
    [
      "considered correct when the relative or absolute error from the true value is at most 10 ^ {-5}, so",
      1e-5,
    ],
    ["Answers within 10^-5 of the actual answer will be accepted.", 1e-5],
    ["the absolute error must not exceed 1e-9", 1e-9],
    ["with a relative error of less than 0.001", 0.001],
  ])("tolerance: %s", (sentence, tolerance) => {
    expect(comparisonHints(sentence)).toEqual({ tolerance });
  });
  test("letters in any case, elements in any order", () => {
    expect(comparisonHints("You can output the answer in any case (for example, yEs).")).toEqual({
      anyCase: true,
    });
    expect(comparisonHints("Return all of the strings in any order.")).toEqual({ anyOrder: true });
    expect(comparisonHints("Note that the returned array may be in any order.")).toEqual({ anyOrder: true });
  });
});

describe("stdout of an example", () => {
  test.each([
    ["6\n", "6\n"],
    ["  6  \n\n", "6\n"],
    ["1 2\n", "1  2\n"],
    ["1.0 2", "1 2"],
    ["+5", "5"],
    ["123456789012345678901234567890", "0123456789012345678901234567890"],
  ])("%j is %j", (actual, expected) => {
    expect(stdoutVerdict(actual, expected)).toBe("pass");
  });
  test.each([
    ["6\n6", "6"],
    ["6 6", "6"],
    ["", "6"],
    ["Yes", "YES"],
    ["0.3333", "0.3334"],
    ["2 1", "1 2"],
    ["12345678901234567890123", "12345678901234567890124"],
    ["nan", "1"],
    ["0x10", "16"],
  ])("%j is not %j", (actual, expected) => {
    expect(stdoutVerdict(actual, expected)).toBe("fail");
  });
  test("tolerance is absolute below 1, relative above, and reaches no words", () => {
    expect(stdoutVerdict("0.0000009", "0", { tolerance: 1e-6 })).toBe("pass");
    expect(stdoutVerdict("1000000.9", "1000000.0", { tolerance: 1e-6 })).toBe("pass");
    expect(stdoutVerdict("1000002", "1000000.0", { tolerance: 1e-6 })).toBe("fail");
    expect(stdoutVerdict("x", "1.0", { tolerance: 1 })).toBe("fail");
  });
  test("tolerance does not soften integers", () => {
    expect(stdoutVerdict("1000001", "1000000", { tolerance: 1e-5 })).toBe("fail");
  });
  test("case, order, any answer", () => {
    expect(stdoutVerdict("yes\nNO", "YES\nno", { anyCase: true })).toBe("pass");
    expect(stdoutVerdict("b\na", "a\nb", { anyOrder: true })).toBe("pass");
    expect(stdoutVerdict("b\nb", "a\nb", { anyOrder: true })).toBe("fail");
    expect(stdoutVerdict("2 1", "1 2", { anyAnswer: true })).toBe("unknown");
    expect(stdoutVerdict("1 2", "1 2", { anyAnswer: true })).toBe("pass");
  });
});

describe("value of an example", () => {
  test("deep equality with JSON's types", () => {
    expect(valueVerdict([1, ["a", null], { x: [true] }], [1, ["a", null], { x: [true] }])).toBe("pass");
    for (const [actual, expected] of [
      [1, "1"],
      ["1", 1],
      [1, true],
      [0, null],
      [[1], [1, 2]],
      [
        [1, 2],
        [2, 1],
      ],
      [{}, { x: null }],
      [{ x: 1, y: 2 }, { x: 1 }],
      [[], {}],
      [undefined, null],
    ]) {
      expect(valueVerdict(actual, expected)).toBe("fail");
    }
  });
  test("hints", () => {
    expect(valueVerdict([0.1 + 0.2], [0.3], { tolerance: 1e-9 })).toBe("pass");
    expect(valueVerdict([[2], [1]], [[1], [2]], { anyOrder: true })).toBe("pass");
    expect(valueVerdict([[2], [2]], [[1], [2]], { anyOrder: true })).toBe("fail");
    expect(valueVerdict([2], [1], { anyAnswer: true })).toBe("unknown");
    expect(valueVerdict("Yes", "YES", { anyCase: true })).toBe("pass");
  });
});
