import { beforeAll, describe, expect, test } from "vitest";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";
import { incomplete, names, shown } from "./programs.ts";

beforeAll(loadPythonParser);

describe("code cut off", () => {
  const whole = "import sys\n\ndef f(x):\n    return [x]\n\nclass A:\n    def g(self):\n";
  for (const end of [
    "",
    "        return (1,",
    "        x = 'a",
    '        """Doc',
    "        if x:\n",
    "        x = 1 +",
  ]) {
    test(`behind ${JSON.stringify(end)} leaves the last step incomplete, and only that`, () => {
      expect(names(whole + end)).toEqual(["f", "A.g"]);
      expect(incomplete(whole + end)).toEqual(["A.g"]);
    });
  }

  test("in the middle of a header is a step already", () => {
    expect(names("def f():\n    pass\n\ndef solve(a, b")).toEqual(["f", "solve"]);
    expect(incomplete("def f():\n    pass\n\ndef solve(a, b")).toEqual(["solve"]);
  });

  test("without a function is an incomplete module step", () => {
    expect(splitSteps("x = [1,\n", "function")).toMatchObject([{ kind: "module", complete: false }]);
    expect(splitSteps("for x in y:\n", "function")).toMatchObject([{ kind: "module", complete: false }]);
  });

  test("where it happens to parse cannot be told", () => {
    expect(incomplete("def f():\n    x = 1\n    ret")).toEqual([]);
  });
});

describe("code broken in the middle keeps its other functions", () => {
  const after = "\nX = 1\n\ndef g():\n    return (2)\n";
  const broken = {
    "an unclosed bracket": "def f():\n    return (1\n",
    "an unclosed bracket of several lines": "def f():\n    return foo(a,\n        [b,\n        c)\n",
    "a bracket too many": "def f():\n    return 1)\n",
    "a bracket of the wrong kind": "def f():\n    return (1]\n",
    "an unclosed header": "def f(a, b:\n    return a\n",
    "an unclosed quote": "def f():\n    return 'a\n",
    "a missing operand": "def f():\n    return 1 +\n",
    "a missing colon": "def f()\n    return 1\n",
    "a missing block": "def f():\n",
    "a missing inner block": "def f():\n    if x:\n    return 1\n",
    "a statement of Python 2": "def f():\n    print 'a'\n",
    "an unexpected indentation": "def f():\n    x = 1\n      y = 2\n",
    "a dedent to nowhere": "def f():\n        x = 1\n    y = 2\n",
    "a character of no token": "def f():\n    return 1 ? 2\n",
    NUL: "def f():\n    return '\0' \0\n",
  };
  test.each(Object.entries(broken))("%s", (_, first) => {
    expect(shown(first + after)).toEqual([
      { name: "f", text: first },
      { name: "g", text: after },
    ]);
    expect(incomplete(first + after)).toEqual(["f"]);
  });

  test("an unclosed bracket ends before the next statement, even if a later bracket would close it", () => {
    const code = "def f():\n    return (1\n\ndef g():\n    return 2\n\ndef h():\n    return 3)\n";
    expect(names(code)).toEqual(["f", "g", "h"]);
    expect(incomplete(code)).toEqual(["f", "h"]);
  });

  test("an unclosed triple quote ends before the next function in column 0", () => {
    const code = 'def f():\n    """Doc.\n    return 1\n\ndef g():\n    """Doc."""\n    return 2\n';
    expect(names(code)).toEqual(["f", "g"]);
    expect(incomplete(code)).toEqual(["f"]);
  });

  test("an unclosed triple quote in a method ends before the next method", () => {
    const code =
      'class A:\n    def f(self):\n        """Doc.\n        return 1\n\n    def g(self):\n        """Doc."""\n        return 2\n\ndef h(): pass\n';
    expect(names(code)).toEqual(["A.f", "A.g", "h"]);
    expect(incomplete(code)).toEqual(["A.f"]);
  });

  test("text that looks like a function in a closed triple quote stays text", () => {
    const code = 'T = """\ndef no():\n    pass\n"""\n\ndef f(:\n    pass\n';
    expect(names(code)).toEqual(["f"]);
  });

  test("methods around a broken one, and of a nested class, stay complete", () => {
    const code =
      "class A:\n    x = 1\n    def f(self): return 1\n    class B:\n        def g(self): return [1\n        def h(self): return 2\n    y = 2\n    def i(self): return 3\n";
    expect(names(code)).toEqual(["A.f", "A.B.g", "A.B.h", "A.i"]);
    expect(incomplete(code)).toEqual(["A.B.g"]);
  });

  test("code indented as a whole keeps its functions", () => {
    const code = "  import x\n  def f():\n      return 1\n  def g():\n      return 2\n";
    expect(names(code)).toEqual(["f", "g"]);
    expect(incomplete(code)).toEqual(["f"]);
    expect(names(`${code}  x = (\n`)).toEqual(["f", "g"]);
  });

  test("prose around code is a broken step, not an error", () => {
    expect(names("Here's the code:\n```python\ndef f():\n    return 1\n```\nIt's fine.\n")).toEqual(["f"]);
    expect(incomplete("I cannot help with that (sorry).")).toEqual([null]);
  });

  test("steps that parse one by one in a program that does not leave the last incomplete", () => {
    const code = "def f():\n    pass\nelse:\n    pass\n";
    expect(incomplete(code)).toEqual(["f"]);
    const split = "try:\n    pass\ndef g():\n    pass\nexcept E:\n    pass\n";
    expect(incomplete(split)).toEqual(["g"]);
  });
});

describe("programs to exhaust a parser", () => {
  const nested = Array.from({ length: 5000 }, (_, depth) => `${" ".repeat(depth % 200)}if x:\n`).join("");
  const classes = Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}class A:\n`).join("");
  const programs = {
    "10,000 parentheses": `x = ${"(".repeat(10_000)}${")".repeat(10_000)}\n`,
    "10,000 open parentheses": "(".repeat(10_000),
    "5,000 ifs": nested,
    "a ternary without end": `x = (a, b)(a, b)(a, b)${" = 1 if 2 else ".repeat(900)}`,
    "errors all over, longer than the parser may see": `x = [\n${"\t>async **".repeat(20_000)}\n]\n`,
    "2,000 classes in each other": classes,
    "20,000 lines of a backslash": "\\\n".repeat(20_000),
    "10,000 lines of comment": "# comment\n".repeat(10_000),
    "open f-strings": 'f"""{'.repeat(20_000),
    "triple quotes": "'''".repeat(20_001),
    "brackets of all kinds": "{[(".repeat(20_000),
    "unclosed brackets line by line": "x = (1\n".repeat(20_000),
    "closers of the wrong kind": `${"(".repeat(20_000)}${"]".repeat(20_000)}`,
    NUL: "\0".repeat(20_000),
    "lone surrogates": "\ud800".repeat(20_000),
    "old Mac line ends": "\r".repeat(100_000),
  };
  for (const [what, program] of Object.entries(programs)) {
    test(`${what}: lossless, and the next program is split as ever`, () => {
      expect(
        shown(program)
          .map(({ text }) => text)
          .join(""),
      ).toBe(program);
      expect(names("def f(): pass\nclass A:\n  def g(self): pass\n")).toEqual(["f", "A.g"]);
      expect(incomplete("def f(): pass\n")).toEqual([]);
    });
  }

  test("5 MB of functions, whole and broken", () => {
    const whole = "def f(a):\n    return [a]\n\n\n".repeat(200_000);
    expect(names(whole).length).toBe(200_000);
    const broken = "def f(a:\n    return [a]\n\n\n".repeat(200_000);
    expect(incomplete(broken).length).toBe(200_000);
  });
});
