import { describe, expect, test } from "vitest";
import type { TestCase } from "../../../src/core/problem.ts";
import { exampleTestsOf, extractExampleTests } from "../../../src/statement/examples/extract-examples.ts";
import { problemOf } from "../problem-of.ts";

const method = (signature: string, statement: string): TestCase[] =>
  extractExampleTests(
    problemOf("method", statement, { starterCode: `class Solution:\n    def ${signature}:\n        ` }),
  );
const call = (args: unknown[], expected: unknown): TestCase => ({ type: "call", args, expected });

describe("LeetCode's form against the signature", () => {
  test("several examples, strings, nested lists, booleans", () => {
    const statement = `Example 1:

Input: words = ["a,b","c = d"], grid = [[1,2],[]], strict = true
Output: false
Explanation: Output: true would be wrong.

Example 2:

Input: words = [], grid = [[-1]], strict = false
Output: true
`;
    expect(
      method("check(self, words: List[str], grid: List[List[int]], strict: bool) -> bool", statement),
    ).toEqual([call([["a,b", "c = d"], [[1, 2], []], true], false), call([[], [[-1]], false], true)]);
  });

  test("arguments go into the signature's order, by name", () => {
    expect(method("f(self, a: int, b: int) -> int", "Input: b = 1, a = 2\nOutput: 3\n")).toEqual([
      call([2, 1], 3),
    ]);
  });

  test("by position where the names differ", () => {
    expect(
      method("f(self, arr: List[int], k: int) -> int", "Input: nums = [1], limit = 2\nOutput: 3"),
    ).toEqual([call([[1], 2], 3)]);
  });

  test("over several lines, with Markdown and odd spaces", () => {
    const statement = "**Input:**  nums =\n[1,\n 2]\nk\u00a0= 3\n**Output:**   [2,1] \n**Explanation:** x";
    expect(method("f(self, nums: List[int], k: int) -> List[int]", statement)).toEqual([
      call([[1, 2], 3], [2, 1]),
    ]);
  });

  test("floats, a comment after the value, words without quotes", () => {
    expect(method("f(self, x: float) -> float", "Input: x = 2\nOutput: 2.50000 # a half more")).toEqual([
      call([2], 2.5),
    ]);
    expect(method("f(self, s: str) -> str", 'Input: s = "ab"\nOutput: ba\nExplanation: turned')).toEqual([
      call(["ab"], "ba"),
    ]);
  });

  test.each([
    ["a missing argument", "f(self, a: int, b: int) -> int", "Input: a = 1\nOutput: 2"],
    ["a value of another type", "f(self, a: int) -> int", 'Input: a = "1"\nOutput: 2'],
    ["a result of another type", "f(self, a: int) -> List[int]", "Input: a = 1\nOutput: 2"],
    [
      "an object that is only drawn",
      "f(self, node: Optional[Node]) -> int",
      "Input: node = [1,null,2]\nOutput: 2",
    ],
    ["prose", "f(self, a: int) -> int", "Input: a = the number of cats\nOutput: 2"],
    ["an expression", "f(self, a: int) -> int", "Input: a = 2 * 3\nOutput: 6"],
  ])("no test from %s", (_, signature, statement) => {
    expect(method(signature, statement)).toEqual([]);
  });

  test("one unreadable example does not spoil the next", () => {
    const statement = "Input: a = x\nOutput: 1\n\nInput: a = 2\nOutput: 3\n";
    expect(method("f(self, a: int) -> int", statement)).toEqual([call([2], 3)]);
  });
});

const fn = (statement: string, entryPoint = "f"): TestCase[] =>
  extractExampleTests(problemOf("function", statement, { entryPoint }));
const sources = (statement: string): string[] =>
  fn(statement).map((each) => (each.type === "check" ? each.source : `no check: ${JSON.stringify(each)}`));

const docstring = (body: string): string => `def f(x):\n    """Does.\n${body}\n    """\n`;

describe("doctests", () => {
  test("the value's repr, None when nothing is printed, negative and nested values", () => {
    expect(fn(docstring("    >>> f([1, -2])\n    [[1], 'a']\n    >>> f('')\n    >>> f(3)\n    -1"))).toEqual([
      call([[1, -2]], [[1], "a"]),
      call([""], null),
      call([3], -1),
    ]);
  });
  test("a value on the docstring's last line", () => {
    expect(fn('def f(x):\n    """\n    >>> f(1)\n    2"""\n')).toEqual([call([1], 2)]);
  });
  test("arguments over continuation lines", () => {
    expect(fn(docstring("    >>> f([1,\n    ...     2])\n    3"))).toEqual([call([[1, 2]], 3)]);
  });
  test("tuples and sets stay Python", () => {
    expect(sources(docstring("    >>> f((1, 2))\n    (2, 1)\n    >>> f(1)\n    {1, 2}"))).toEqual([
      "def check(candidate):\n    f = candidate\n    assert f((1, 2)) == (2, 1)\n",
      "def check(candidate):\n    f = candidate\n    assert f(1) == {1, 2}\n",
    ]);
  });
  test("whole floats and long integers keep their text", () => {
    expect(fn(docstring("    >>> f([1.0, 2], 10000000000000000000001)\n    3.0"))).toEqual([
      { ...call([[1, 2], 1e22], 3), argsJson: "[[1.0,2],10000000000000000000001]", expectedJson: "3.0" },
    ]);
  });
  test("a tuple as the result is data: programs may return it as a list", () => {
    expect(fn(docstring("    >>> f(1)\n    (2, 1)"))).toEqual([call([1], [2, 1])]);
  });
  test("statements before it are its setup", () => {
    expect(sources(docstring("    >>> x = f(1)\n    >>> x[0] + len(x)\n    4"))).toEqual([
      "def check(candidate):\n    f = candidate\n    x = f(1)\n    assert (x[0] + len(x)) == 4\n",
    ]);
  });
  test("a comparison without its True", () => {
    expect(fn(docstring("    >>> f(1) == 2"))).toEqual([call([1], 2)]);
  });
  test.each([
    ["an object's repr", "    >>> f(1)\n    <object at 0x7f>"],
    ["printed text", "    >>> print(f(1))\n    2"],
    ["an exception", "    >>> f(1)\n    Traceback (most recent call last):\n    ValueError"],
    ["a helper that is not there", "    >>> g(f(1))\n    2"],
    ["another function", "    >>> g(1)\n    2"],
  ])("no test from %s", (_, body) => {
    expect(fn(docstring(body))).toEqual([]);
  });
});

describe("asserts", () => {
  test("a call and its value, with a message, over lines", () => {
    expect(fn('"""\nWrite f.\nassert f(1, "a b") == [1]\nassert f([1,\n  2]) == 3, "message"\n"""')).toEqual([
      call([1, "a b"], [1]),
      call([[1, 2]], 3),
    ]);
  });
  test("other assertions are kept as source, with the modules they use", () => {
    expect(
      sources("assert not f(1)\nassert math.isclose(f(2), 0.5, rel_tol=0.001)\nassert set(f(3)) == set([1])"),
    ).toEqual([
      "def check(candidate):\n    f = candidate\n    assert not f(1)\n",
      "import math\ndef check(candidate):\n    f = candidate\n    assert math.isclose(f(2), 0.5, rel_tol=0.001)\n",
      "def check(candidate):\n    f = candidate\n    assert set(f(3)) == set([1])\n",
    ]);
  });
  test("a name that would not be there gives no test: right programs would fail it", () => {
    expect(fn("assert f(a) == helper(1)\nassert f(1) == n")).toEqual([]);
  });
});

describe("calls in running text", () => {
  test.each([
    ["f(1) => 2", 2],
    ["f(1) == 2", 2],
    ["f(1) = 2", 2],
    ["f(1) ==> 2 ", 2],
    ["f(1) -> 2", 2],
    ["f(1) ➞ 2", 2],
    ["f(1) should return 2.", 2],
    ['f(1) returns "a b" # as it says', "a b"],
    ["f(1)   # returns 2", 2],
    ["* f(1) => [2]", [2]],
    ["`f(1)` returns `2`", 2],
    ["f(1) == 1 + 9 + 0 = 10", 10],
    ["f(1) -> 19 - 5 - 6 = 8", 8],
    ["f(1) => 2 (the first prime)", 2],
  ])("%s", (line, expected) => {
    expect(fn(`For example:\n    ${line}\nEnd.`)).toEqual([call([1], expected)]);
  });
  test.each([
    "f(n) = 1 + n / 2",
    "f(1) = 1 + 2",
    "f(a) => 2",
    "f(1) is small",
    "xf(1) => 2",
    "f(1) => 2 or 3",
    "f(1) => [2",
  ])("no test from: %s", (line) => {
    expect(fn(`For example:\n${line}\n`)).toEqual([]);
  });
  test("For x = .. the output should be ..", () => {
    const statement = "def f(lst, k):\n    '''\n    For lst = [1, 2], k = 3 the output should be 4.\n    '''";
    expect(fn(statement)).toEqual([call([[1, 2], 3], 4)]);
  });
});

describe("exampleTestsOf", () => {
  test("tests that the problem came with win over its text", () => {
    const given: TestCase[] = [{ type: "stdio", input: "1\n", output: "2\n" }];
    const statement =
      "Sample Input 1\n\n5\n\nSample Output 1\n\n6\n\nIf there are several, print any of them.";
    expect(exampleTestsOf(problemOf("stdin", statement, { exampleTests: given }))).toEqual([
      { test: given[0], anyAnswer: true },
    ]);
    expect(exampleTestsOf(problemOf("stdin", statement))).toMatchObject([
      { test: { input: "5\n" }, anyAnswer: true },
    ]);
  });
  test("a statement without examples, and without anything", () => {
    expect(exampleTestsOf(problemOf("stdin", "Print hello."))).toEqual([]);
    expect(exampleTestsOf(problemOf("function", ""))).toEqual([]);
    expect(exampleTestsOf(problemOf("method", "Input: a = 1\nOutput: 2"))).toEqual([]);
  });
});
