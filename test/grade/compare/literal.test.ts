import { describe, expect, test } from "vitest";
import { equal, parseLiteral, typeOf, type Literal } from "../../../src/grade/compare/literal.ts";
import { parsePythonJson } from "../../../src/grade/tests/python-json.ts";
import { showLiteral } from "../../../src/grade/shortened-text.ts";

describe("Python's == on literals", () => {
  const same: [Literal, Literal][] = [
    [1, { f: 1 }],
    [true, 1],
    [{ i: "0x20000000000000" }, { f: 9007199254740992 }],
    [{ s: [1, 2] }, { s: [2, 1] }],
    [{ s: [1] }, { z: [1] }],
    [
      {
        d: [
          ["a", 1],
          ["b", 2],
        ],
      },
      {
        d: [
          ["b", 2],
          ["a", { f: 1 }],
        ],
      },
    ],
    [{ c: ["1.0", "0.0"] }, 1],
    [{ t: [1, [2]] }, { t: [1, [2]] }],
    [{ r: [0, 10, 3] }, { r: [0, 12, 3] }],
    [null, null],
  ];
  test.each(same)("%j == %j", (a, b) => {
    expect(equal(a, b)).toBe(true);
    expect(equal(b, a)).toBe(true);
  });

  const different: [Literal, Literal][] = [
    [1, "1"],
    [{ t: [1] }, [1]],
    [{ f: "nan" }, { f: "nan" }],
    [{ o: "x" }, { o: "x" }],
    [{ g: [1] }, [1]],
    [null, false],
    [null, 0],
    ["", []],
    [{ i: "0x20000000000001" }, { f: 9007199254740992 }],
    [{ d: [["a", 1]] }, { d: [["a", 2]] }],
    [[1, 2], [1]],
    [{ s: [1] }, [1]],
    [{ b: "31" }, "1"],
  ];
  test.each(different)("%j != %j", (a, b) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });

  test("a tuple is a list where the call rule says so, at any depth", () => {
    expect(equal({ t: [1, { t: [2] }] }, [1, [2]], { tuplesAsLists: true })).toBe(true);
    expect(equal({ d: [[1, { t: [2] }]] }, { d: [[1, [2]]] }, { tuplesAsLists: true })).toBe(true);
  });

  test("anything a hostile process writes is compared without harm", () => {
    const nested = parseLiteral("[".repeat(100_000) + "]".repeat(100_000));
    expect(equal(nested, nested)).toBe(false);
    for (const text of [
      "{}",
      '{"s": 1}',
      '{"d": [1]}',
      '{"c": []}',
      '{"f": []}',
      '{"i": "zz"}',
      "not json",
      '{"r": [0,1,0]}',
    ]) {
      const value = parseLiteral(text);
      expect(equal(value, 1)).toBe(false);
      expect(showLiteral(value)).toBeTypeOf("string");
    }
  });
});

describe("JSON as Python reads it", () => {
  test.each([
    ["1.0", "float"],
    ["1", "int"],
    ["123456789012345678901", "int"],
    ["1e5", "float"],
    ["-Infinity", "float"],
    ["NaN", "float"],
    ["[]", "list"],
    ['{"a": {"b": [1, 2.5, null, true]}}', "dict"],
    ['"a\\"b\\u00e9"', "str"],
  ])("%s is a %s", (text, type) => {
    expect(typeOf(parsePythonJson(text))).toBe(type);
  });

  test("large integers stay exact", () => {
    expect(equal(parsePythonJson("9007199254740993"), { i: "0x20000000000001" })).toBe(true);
    expect(equal(parsePythonJson("9007199254740993"), { i: "0x20000000000000" })).toBe(false);
  });

  test("a string of megabytes is read", () => {
    const text = "a\\n".repeat(5_000_000);
    expect(parsePythonJson(`["${text}"]`)).toEqual(["a\n".repeat(5_000_000)]);
  });

  test.each(["", "[1", "{1: 2}", "[1] 2", "abc", "[,]", '"open'])("%j is refused", (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  });
});

test("what only a program's own writing can hold is no value, and is shown short", () => {
  const deep = parseLiteral(`{"b":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  expect(equal(deep, deep)).toBe(false);
  expect(showLiteral(deep)).toBe("…");
});

test("an integer of millions of digits is compared at once", () => {
  const size = `0x1${"7".repeat(2_000_000)}`;
  expect(equal({ i: size }, 1)).toBe(false);
  expect(equal({ i: size }, { i: size })).toBe(true);
});

test("values are shown as Python prints them", () => {
  expect(showLiteral([1, { f: 2 }, { t: ["x", null] }, true])).toBe('[1, 2.0, ("x", None), True]');
  expect(showLiteral({ d: [["k", { s: [1] }]] })).toBe('{"k": {1}}');
  expect(showLiteral("x".repeat(1000)).length).toBeLessThan(310);
});
