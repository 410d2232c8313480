import { beforeAll, describe, expect, test } from "vitest";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";
import { incomplete, names, shown } from "./programs.ts";

beforeAll(loadPythonParser);

describe("what a step is", () => {
  test("a top-level function, with its decorators", () => {
    const code = "@cache\n@other(1)\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n";
    expect(shown(code)).toEqual([
      { name: "f", text: "@cache\n@other(1)\ndef f():\n    return 1\n" },
      { name: "g", text: "\n\ndef g():\n    return 2\n" },
    ]);
  });

  test("a method, named after its class; the class header belongs to the first", () => {
    const code = "class Solution:\n    def f(self):\n        return 1\n    def g(self):\n        return 2\n";
    expect(splitSteps(code, "function")).toEqual([
      {
        index: 0,
        kind: "method",
        name: "Solution.f",
        startLine: 1,
        endLine: 3,
        start: 0,
        end: 50,
        complete: true,
      },
      {
        index: 1,
        kind: "method",
        name: "Solution.g",
        startLine: 4,
        endLine: 5,
        start: 50,
        end: 84,
        complete: true,
      },
    ]);
  });

  test("a method of a class in a class", () => {
    expect(
      names("class A:\n  class B:\n    def f(self): pass\n  def g(self): pass\ndef h(): pass\n"),
    ).toEqual(["A.B.f", "A.g", "h"]);
  });

  test("async, overloads, PEP 695 generics, one-liners, match statements inside", () => {
    const code = [
      "async def a(): await b()",
      "@overload\ndef f(x: int) -> int: ...",
      "@overload\ndef f(x: str) -> str: ...",
      "def g[T](x: T) -> T:\n    match x:\n        case [1, *_]:\n            return x\n    return x",
      "class C[T]:\n    async def m(self): pass",
    ].join("\n");
    expect(names(code)).toEqual(["a", "f", "f", "g", "C.m"]);
    expect(incomplete(code)).toEqual([]);
  });

  test("nested functions and classes belong to the function around them", () => {
    const code =
      "def f():\n    def g():\n        pass\n    class A:\n        def m(self): pass\n    return g\n";
    expect(shown(code)).toEqual([{ name: "f", text: code }]);
  });

  test("functions in module-level blocks are module code", () => {
    const blocks = [
      "if True:\n    def a(): pass\n",
      "try:\n    def a(): pass\nexcept E:\n    def b(): pass\n",
      "with x:\n    def a(): pass\n",
      "for i in x:\n    class A:\n        def m(self): pass\n",
      "class A:\n    if True:\n        def m(self): pass\n",
    ];
    for (const block of blocks) {
      expect(shown(`${block}def f(): pass\n`)).toEqual([{ name: "f", text: `${block}def f(): pass\n` }]);
    }
  });

  test("imports, constants, comments, attributes and classes without methods belong to what follows", () => {
    const before =
      "import sys\nN = 5  # five\n# a comment\nclass P:\n    x = 1\n\nclass Q:\n    y: int\n    ";
    const code = `${before}def f(self): pass\n    z = 2\n\n    def g(self): pass\n`;
    expect(shown(code)).toEqual([
      { name: "Q.f", text: `${before}def f(self): pass\n` },
      { name: "Q.g", text: "    z = 2\n\n    def g(self): pass\n" },
    ]);
  });

  test("module code behind the last function belongs to it, and its lines count", () => {
    const code = "def f():\n    pass\n\nprint(f())\n# end\n";
    expect(splitSteps(code, "function")).toMatchObject([
      { name: "f", startLine: 1, endLine: 5, end: code.length },
    ]);
  });

  test("a program without functions is one module step, a blank one too; the empty one has none", () => {
    for (const code of ["print(1)\n", "class A:\n    x = 1\n", "\n \t\n", " ", "# nothing", "\ufeff"]) {
      expect(splitSteps(code, "function")).toMatchObject([
        { kind: "module", name: null, start: 0, end: code.length },
      ]);
    }
    expect(splitSteps("", "function")).toEqual([]);
  });
});

describe("where a function ends is where CPython says", () => {
  const cases: Record<string, [first: string, rest: string]> = {
    "comments behind it, even indented ones, are what follows": [
      "def f():\n    pass  # in\n",
      "    # out\n# out\n",
    ],
    "comments between its statements are its own": ["def f():\n    pass\n# in\n    pass\n", "\n"],
    "a semicolon and a continued line": ["def f():\n    x = 1; \\\n", "\n"],
    "a semicolon on a line of its own": ["def f(): x = 1 \\\n ;\n", ""],
    "a string over several lines": ['def f():\n    """a\n\ndef no(): pass\nb"""\n', ""],
    "brackets over several lines, closed in column 0": ["def f():\n    return [\n1,\n]\n", ""],
    "a form feed": ["def f():\n    pass\n", "\f\n"],
    tabs: ["def f():\n\tif x:\n\t\tpass\n\treturn 1\n", "\n"],
    "an f-string with the same quotes inside": ['def f():\n    return f"{d["a"]}{\'\\n\'.join(x)}"\n', ""],
    "a nested block": ["def f():\n    while x:\n        if y:\n            z()\n", "        # out\n"],
  };
  test.each(Object.entries(cases))("%s", (_, [first, rest]) => {
    const code = `${first}${rest}def g():\n    pass\n`;
    expect(shown(code)).toEqual([
      { name: "f", text: first },
      { name: "g", text: `${rest}def g():\n    pass\n` },
    ]);
    expect(incomplete(code)).toEqual([]);
  });

  test("line ends are \\n, \\r\\n and \\r, and no others", () => {
    for (const eol of ["\n", "\r\n", "\r"]) {
      const code = [
        "def f():",
        "    x = '\u2028\u0085\v'",
        "    # \f",
        "    pass",
        "",
        "def g():",
        "    pass",
      ].join(eol);
      expect(splitSteps(code, "function")).toMatchObject([
        { name: "f", startLine: 1, endLine: 4, complete: true },
        { name: "g", startLine: 5, endLine: 7, complete: true },
      ]);
    }
  });

  test("characters outside the basic plane, a BOM, NFKC names and lone surrogates do not shift it", () => {
    const code =
      "\ufeffdef \u{1d453}():\n    return '\u{1f600}\ud800' + 'é'\ndef g():\n    return '\udc00'\n";
    expect(shown(code)).toEqual([
      { name: "\u{1d453}", text: "\ufeffdef \u{1d453}():\n    return '\u{1f600}\ud800' + 'é'\n" },
      { name: "g", text: "def g():\n    return '\udc00'\n" },
    ]);
  });
});
