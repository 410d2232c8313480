import {
  array,
  assert,
  bigInt,
  constantFrom,
  nat,
  property,
  string,
  stringMatching,
  tuple,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalOutput, decimal, sameOutput } from "../../../src/grade/compare/stdout.ts";

/** Texts of few pieces, so that two of them are often alike, and written differently more often still. */
const pieces = [
  "1",
  "1.0",
  "1e0",
  "10e-1",
  "0",
  "-0",
  "2",
  "inf",
  "nan",
  "a",
  "A",
  "=",
  "#",
  " ",
  "  ",
  "\t",
  "\u00a0",
  "\n",
  "\r\n",
  "\ufeff",
];
const output = array(constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join(""));
/** The same pieces, some of them in another form, so that most pairs are near misses. */
const pair = tuple(
  array(constantFrom(...pieces), { maxLength: 7 }),
  array(constantFrom(...pieces), { maxLength: 2 }),
  nat(7),
).map(
  ([parts, others, at]) => [parts.join(""), parts.toSpliced(at, others.length, ...others).join("")] as const,
);

describe("LiveCodeBench's comparison of output", () => {
  test.each([
    ["42", "42\n"],
    ["  42  \n\n", "42"],
    ["a  \nb", "a\nb\n"],
    ["1.0 2", "1 2.00"],
    ["1e3", "1000"],
    ["-0", "0"],
    [".5", "0.50"],
    ["1 2  3", "1 2 3.0"],
    ["", "\n"],
    ["Infinity", "inf"],
    ["100000000000000000000000000001", "100000000000000000000000000001.0"],
    ["a\r\nb", "a\nb"],
  ])("%j is %j", (actual, expected) => {
    expect(sameOutput(actual, expected)).toBe(true);
  });

  test.each([
    ["42", "43"],
    ["1 2", "1\n2"],
    ["yes", "YES"],
    ["a b", "a  b"],
    ["1 2 3", "1 2"],
    ["0.30000000000000004", "0.3"],
    ["100000000000000000000000000001", "100000000000000000000000000002"],
    ["nan", "NaN"],
    ["1 x", "1.0 x"],
    ["", "0"],
    ["a\n\nb", "a\nb"],
    ["0x10", "16"],
    ["1e", "1"],
    [".", "0"],
    ["1e1000000000000000000", "1e1000000000000000000.0"],
  ])("%j is not %j", (actual, expected) => {
    expect(sameOutput(actual, expected)).toBe(false);
  });

  test("no output takes longer to compare than to read", () => {
    expect(sameOutput(`${"1".repeat(100_000)}x`, "1x")).toBe(false);
    expect(sameOutput(`1${"0".repeat(100_000)}1`, "1")).toBe(false);
  });

  test("every text is itself, with any white space around it", () => {
    assert(
      property(string(), stringMatching(/^[ \t\n]*$/), (text, blank) => {
        expect(sameOutput(text, text)).toBe(true);
        expect(sameOutput(`${blank}${text}${blank}`, text)).toBe(sameOutput(text, text));
      }),
    );
  });

  test("equal canonical forms are exactly the outputs that are the same", () => {
    const agree = (one: string, other: string): void => {
      expect(canonicalOutput(one) === canonicalOutput(other)).toBe(sameOutput(one, other));
    };
    assert(property(output, output, agree), { numRuns: 2000 });
    assert(
      property(pair, ([one, other]) => agree(one, other)),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["1e1000000000000000000", "10e999999999999999999"], // the first is no decimal to Python, the second is one of that value
    ["=1", "1"],
    ["#1e0", "1"],
  ])("the forms of %j and %j are kept apart", (one, other) => {
    expect(canonicalOutput(one)).not.toBe(canonicalOutput(other));
  });

  test("a decimal has one form, however it is written", () => {
    assert(
      property(bigInt(), nat(30), (size, zeros) => {
        expect(decimal(`${size}.${"0".repeat(zeros)}`)).toBe(decimal(`${size}`));
        expect(decimal(`${size}${"0".repeat(zeros)}`)).toBe(decimal(`${size}e${zeros}`));
      }),
    );
  });
});
