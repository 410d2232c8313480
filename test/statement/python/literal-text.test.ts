import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdsSet, literalValue } from "../../../src/statement/python/literal-value.ts";
import { parsePythonLiteral } from "../../../src/statement/python/literal-text.ts";

const value = (text: string): unknown => {
  const literal = parsePythonLiteral(text);
  const read = literal && literalValue(literal);
  return read && { value: read.value, exact: read.exact };
};

describe("Python literals as JSON values", () => {
  test.each<[string, unknown]>([
    ["None", null],
    ["true", true],
    ["False", false],
    [" -17 ", -17],
    ["1_000", 1000],
    [".5", 0.5],
    ["-2.5e-3", -0.0025],
    ["'it\\'s'", "it's"],
    ['"a\\tb\\\\c\\x41\\u00e9\\101"', "a\tb\\cAéA"],
    ["'\\d'", "\\d"],
    ["[]", []],
    ["[1, [2, 'x'], [],]", [1, [2, "x"], []]],
    ["[\n  1,\n  2\n]", [1, 2]],
    ["{}", {}],
    ["{'a': [1], \"b\": None}", { a: [1], b: null }],
    ["(7)", 7],
  ])("%s is exact", (text, expected) => {
    expect(value(text)).toEqual({ value: expected, exact: true });
  });

  test.each<[string, unknown]>([
    ["()", []],
    ["(1,)", [1]],
    [
      "[(1, 2), (3, 4)]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["{1, 2}", [1, 2]],
    ["set()", []],
    ["{'a': (1,)}", { a: [1] }],
  ])("%s loses something on the way through JSON", (text, expected) => {
    expect(value(text)).toEqual({ value: expected, exact: false });
  });

  test.each([
    ["2.0", "2.0"],
    ["[1, 1., 1e3, -0.5, 1e30]", "[1,1.0,1000.0,-0.5,1e+30]"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["{'a': (2.0, None)}", '{"a":[2.0,null]}'],
    ["007", "7"],
  ])("%s as JSON text keeps what JavaScript's numbers lose", (text, json) => {
    const literal = parsePythonLiteral(text);
    expect(literal && literalValue(literal)?.json).toBe(json);
  });

  test("what JSON cannot say has no value", () => {
    expect(value("{1: 2}")).toBeUndefined();
    expect(value("1e999")).toBeUndefined();
  });

  test.each([
    "",
    "-",
    ".",
    "1 + 1",
    "1 2",
    "0x1F",
    "3j",
    "1.2.3",
    "12abc",
    "x",
    "nums",
    "[1, 2",
    "[1 2]",
    "[,]",
    "(,)",
    "{1: }",
    "{1: 2, 3}",
    "{1 2}",
    "'open",
    "'a' 'b'",
    "b'x'",
    "f'{x}'",
    "'''x'''",
    "'a\nb'",
    "__import__('os')",
    "[x for x in y]",
    "lambda: 1",
    "None.x",
    "Nonesuch",
    "range(3)",
  ])("%j is no literal", (text) => {
    expect(parsePythonLiteral(text)).toBeUndefined();
  });

  test("nesting without end neither parses nor overflows the stack", () => {
    expect(parsePythonLiteral("[".repeat(100_000))).toBeUndefined();
    expect(parsePythonLiteral(`${"[".repeat(5000)}${"]".repeat(5000)}`)).toBeUndefined();
  });

  test("a set is found at any depth", () => {
    expect(
      ["{1}", "[{1}]", "{'a': ({2},)}", "[1]", "{'a': 1}"].map((text) => {
        const literal = parsePythonLiteral(text);
        return literal !== undefined && holdsSet(literal);
      }),
    ).toEqual([true, true, true, false, false]);
  });

  test("property: every JSON value of plain text and safe numbers is read back", () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string({ unit: "grapheme-ascii" }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(
          fc.string({ unit: "grapheme-ascii" }).filter((key) => key !== "__proto__"),
          tie("value"),
          { maxKeys: 3 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (json) => {
        const read = parsePythonLiteral(JSON.stringify(json));
        expect(read && literalValue(read)?.value).toEqual(json);
      }),
    );
  });
});
