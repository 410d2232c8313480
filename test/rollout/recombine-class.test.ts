import { beforeAll, describe, expect, test } from "vitest";
import { outlineOf } from "../../src/rollout/outline.ts";
import { chooseMethods, withMethods } from "../../src/rollout/recombine-class.ts";
import { loadPythonParser } from "../../src/steps/index.ts";

beforeAll(loadPythonParser);

const BASE = `import re

class A:
    """Has methods."""

    size = 3

    def first(self):
        return 1

    @staticmethod
    def second():
        return 2

    def third(self):
        return 3

print(A().first())
`;

function mixed(donors: Readonly<Record<string, string>>, base = BASE): string | undefined {
  const outlines = Object.entries(donors).map(([method, code]) => [method, outlineOf(code)] as const);
  return withMethods(outlineOf(base), new Map(outlines));
}

describe("withMethods", () => {
  test("nothing taken is the program itself", () => {
    expect(mixed({})).toBe(BASE);
  });

  test("a method in the middle, with its decorators, and nothing else changes", () => {
    const donor =
      "class A:\n    def first(self):\n        return 10\n\n    @classmethod\n    def second(cls):\n        return 20\n";
    expect(mixed({ "A.second": donor })).toBe(
      BASE.replace(
        "    @staticmethod\n    def second():\n        return 2\n",
        "    @classmethod\n    def second(cls):\n        return 20\n",
      ),
    );
  });

  test("the first method leaves the class header, docstring and fields as they are", () => {
    const donor = 'class A:\n    """Others."""\n    size = 4\n    def first(self):\n        return 10\n';
    expect(mixed({ "A.first": donor })).toBe(BASE.replace("return 1\n", "return 10\n"));
  });

  test("a method that the base lacks goes to the end of the class", () => {
    const donor = "class A:\n    def fourth(self):\n        return 4\n";
    expect(mixed({ "A.fourth": donor })).toBe(
      BASE.replace("        return 3\n", "        return 3\n\n    def fourth(self):\n        return 4\n"),
    );
  });

  test("methods and imports that a taken one needs come along", () => {
    const donor =
      "import math\nimport re\nclass A:\n    def first(self):\n        return self._help()\n\n    def _help(self):\n        return math.pi\n";
    expect(mixed({ "A.first": donor })).toBe(
      `import math\n${BASE.replace("return 1\n", "return self._help()\n").replace(
        "        return 3\n",
        "        return 3\n\n    def _help(self):\n        return math.pi\n",
      )}`,
    );
  });

  test("another indentation, another class, a method cut off: undefined", () => {
    expect(mixed({ "A.first": "class A:\n  def first(self):\n    return 10\n" })).toBeUndefined();
    expect(mixed({ "B.first": "class B:\n    def first(self):\n        return 10\n" })).toBeUndefined();
    expect(mixed({ "A.first": "class A:\n    def first(self):\n        return (10\n" })).toBeUndefined();
    expect(mixed({ "A.first": "class A:\n    pass\n" })).toBeUndefined();
  });
});

describe("chooseMethods", () => {
  const rewards = (f: number, g: number): ReadonlyMap<string, number> =>
    new Map([
      ["f", f],
      ["g", g],
    ]);
  test("the best on the whole, and what others do better", () => {
    expect(chooseMethods([rewards(0, 1), rewards(0.8, 0.9), rewards(0.9, 0), rewards(0.9, 0)])).toEqual({
      base: 1,
      donors: new Map([
        ["f", 2],
        ["g", 0],
      ]),
    });
  });
  test("equals keep their own", () => {
    expect(chooseMethods([rewards(0.5, 0.5), rewards(0.5, 0.5)])).toEqual({ base: 0, donors: new Map() });
    expect(chooseMethods([])).toBeUndefined();
  });
});
