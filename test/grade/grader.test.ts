import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import type { HiddenTests, Problem, TestCase } from "../../src/core/problem.ts";
import { gradeCandidates, type GradeOptions } from "../../src/grade/grader.ts";
import type { Graded } from "../../src/grade/verdict.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(async () => sandbox.close());

function problem(tests: readonly TestCase[] | HiddenTests, part: Partial<Problem> = {}): Problem {
  const hiddenTests: HiddenTests = "form" in tests ? tests : { form: "list", tests };
  const shape = { kind: "function", starterCode: "", entryPoint: "f", exampleTests: [], meta: {} } as const;
  return { id: "p", statement: "", ...shape, hiddenTests, ...part };
}

function candidate(code: string, sampleIndex = 0, problemId = "p"): Candidate {
  return { problemId, sampleIndex, code, warnings: [], extra: {} };
}

async function grade(
  given: Problem | undefined,
  codes: readonly string[],
  options: GradeOptions = {},
): Promise<Graded[]> {
  const graded: Graded[] = [];
  const candidates = codes.map((code, at) => candidate(code, at));
  for await (const each of gradeCandidates(candidates, () => Promise.resolve(given), sandbox, options)) {
    graded.push(each);
  }
  return graded;
}

async function verdictOf(
  given: Problem | undefined,
  code: string,
  options: GradeOptions = {},
): Promise<Graded> {
  const [graded] = await grade(given, [code], options);
  if (graded === undefined) throw new Error("nothing was graded");
  return graded;
}

function call(argsJson: string, expectedJson: string): TestCase {
  return { type: "call", args: [], expected: null, argsJson, expectedJson };
}

function check(source: string, part: Partial<Problem> = {}): Problem {
  return problem([{ type: "check", source: `def check(candidate):\n${source}`, entryPoint: "f" }], part);
}

const DOUBLE_STDIN = problem([{ type: "stdio", input: "21\n", output: "42\n" }], { kind: "stdin" });

describe("verdicts of a stdin program", () => {
  test.each([
    ["pass", "print(int(input()) * 2)"],
    ["pass", "import sys\nprint(' 42.0 ')\nsys.exit(1)"],
    ["wrong_answer", "print(41)"],
    ["runtime_error", "print(42)\nraise ValueError('late')"],
    ["runtime_error", "print(42"],
    ["time_limit", "while True: pass"],
    ["memory_limit", "x = [0] * (1 << 34)"],
    ["output_limit", "while True: print('x' * 10000)"],
    ["no_code", "  \n"],
  ])("%s: %j", async (verdict, code) => {
    expect((await verdictOf(DOUBLE_STDIN, code, { timeoutMs: 500 })).verdict).toBe(verdict);
  });

  test("the first failing test is shown with input, expected and actual output, shortened", async () => {
    const tests: TestCase[] = [
      { type: "stdio", input: "1\n", output: "1\n" },
      { type: "stdio", input: "2\n".repeat(1000), output: "4\n" },
    ];
    const graded = await verdictOf(problem(tests, { kind: "stdin" }), "print(input())");
    expect(graded).toMatchObject({ verdict: "wrong_answer", passedTests: 1, totalTests: 2 });
    expect(graded.failedTest).toMatchObject({ index: 1, expected: "4\n", actual: "2\n" });
    expect(graded.failedTest?.input?.length).toBeLessThan(310);
    expect(graded.cpuMs).toBeGreaterThan(0);
    expect(graded.memoryKb).toBeGreaterThan(1000);
  });

  test("all tests run unless the first failure is to stop them", async () => {
    const tests: TestCase[] = ["1", "2", "3"].map((n) => ({ type: "stdio", input: n, output: "3" }));
    const given = problem(tests, { kind: "stdin" });
    expect(await verdictOf(given, "print(input())")).toMatchObject({ passedTests: 1, totalTests: 3 });
    const stopped = await verdictOf(given, "print(input())", { stopAtFirstFailure: true });
    expect(stopped).toMatchObject({ passedTests: 0, totalTests: 3 });
  });
});

describe("calls", () => {
  test("a tuple answers for a list, and numbers are exact", async () => {
    const given = problem([call("[[1, 2]]", "[1, 2]"), call("[[9007199254740993]]", "[9007199254740993]")]);
    expect((await verdictOf(given, "def f(x): return tuple(x)")).verdict).toBe("pass");
    expect((await verdictOf(given, "def f(x): return [y // 2 * 2 for y in x]")).verdict).toBe("wrong_answer");
  });

  test("1.0 arrives as a float", async () => {
    const given = problem([call("[1.0]", '"float"')]);
    expect((await verdictOf(given, "def f(x): return type(x).__name__")).verdict).toBe("pass");
  });

  test("every test gets a fresh process", async () => {
    const given = problem([call("[1]", "1"), call("[2]", "1")]);
    const code = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)";
    expect((await verdictOf(given, code)).verdict).toBe("pass");
  });

  test("the method of a class is called on a new object", async () => {
    const given = problem([call("[3]", "6")], { entryPoint: "Solution().double" });
    const code = "class Solution:\n    def double(self, x): return 2 * x";
    expect((await verdictOf(given, code)).verdict).toBe("pass");
    expect(await verdictOf(given, "class Solution: pass")).toMatchObject({
      verdict: "runtime_error",
      failedTest: { message: expect.stringContaining("double") },
    });
  });
});

describe("check(candidate)", () => {
  test.each([
    ["    assert candidate((1, 2)) == (1, 2)", "def f(x): return x", "pass"],
    ["    assert candidate((1, 2)) == [1, 2]", "def f(x): return x", "wrong_answer"],
    ["    assert abs(candidate(1) - 0.3333) < 1e-3", "def f(x): return x / 3", "pass"],
    ["    assert list(candidate(3)) == [0, 1, 2]", "def f(x): return (i for i in range(x))", "pass"],
    ["    x = [3, 1]\n    candidate(x)\n    assert x == [1, 3]", "def f(x): x.sort()", "pass"],
    ["    assert candidate(a=1, b=2) == 3", "def f(a, b): return a + b", "pass"],
    ["    assert candidate() is None", "def f(): pass", "pass"],
    ["    assert candidate() is True", "def f(): return 1", "wrong_answer"],
    ["    assert candidate({1: {2, 3}}) == {1: {2, 3}}", "def f(x): return x", "pass"],
    ["    assert candidate(10 ** 5000) == 10 ** 5000", "def f(x): return x", "pass"],
    [
      "    try:\n        candidate(0)\n        assert False\n    except ZeroDivisionError: pass",
      "def f(x): return 1 / x",
      "pass",
    ],
    ["    assert candidate(1) == 1", "def f(x): raise KeyError(x)", "runtime_error"],
    ["    assert candidate(lambda y: y + 1) == 2", "def f(g): return g(1)", "pass"],
    ["    assert candidate(lambda y: y + 1) == 2", "def f(g): return g(0)", "wrong_answer"],
    ["    assert candidate(1) == 1", "import math\ndef f(x):\n    while True: pass", "time_limit"],
    // Only arguments of the test's own take it into the program's interpreter, no answer does.
    [
      "    assert candidate(candidate(1)) == 1",
      "def f(x): return object() if x == 1 else 1",
      "runtime_error",
    ],
    [
      "    assert candidate(candidate(1)) == 1",
      "def f(x): return iter([x]) if x == 1 else 1",
      "runtime_error",
    ],
  ])("%j with %j: %s", async (source, code, verdict) => {
    expect((await verdictOf(check(source), code, { timeoutMs: 500 })).verdict).toBe(verdict);
  });

  test("objects of classes that the problem defines travel both ways", async () => {
    const preamble = "class Node:\n    def __init__(self, val, next=None): self.val, self.next = val, next\n";
    const given = check("    n = candidate(Node(1, Node(2)))\n    assert (n.val, n.next.val) == (2, 1)", {
      preamble,
    });
    const code = "def f(n): return Node(n.next.val, Node(n.val))";
    expect((await verdictOf(given, code)).verdict).toBe("pass");
  });

  test("functions that only the prompt defines are there for the test", async () => {
    const given = check("    assert helper(candidate(1)) == 3", {
      starterCode: "def helper(x): return x + 1\n",
    });
    expect((await verdictOf(given, "def f(x): return x + 1")).verdict).toBe("pass");
  });

  test("the failing line, the call and the answer are shown", async () => {
    const graded = await verdictOf(check("    assert candidate([1], k=2) == 3"), "def f(x, k): return 4");
    expect(graded.failedTest).toEqual({
      index: 0,
      input: "[1], k=2",
      expected: "assert candidate([1], k=2) == 3",
      actual: "4",
    });
  });

  test("a test that cannot load is no failure of the program", async () => {
    const given = check("    pass", { preamble: "import no_such_library\n" });
    expect((await verdictOf(given, "def f(): pass")).verdict).toBe("infra_error");
  });
});

describe("unittest", () => {
  const source =
    "import unittest\nclass A(unittest.TestCase):\n    def test_one(self): self.assertEqual(f(1), 1)\n" +
    "class B(unittest.TestCase):\n    def setUp(self): self.x = 2\n    def test_two(self): self.assertEqual(f(self.x), 2)\n" +
    "    @unittest.skip('later')\n    def test_skipped(self): self.fail()\n";
  const classes = ["A", "B"].map((name): TestCase => ({
    type: "unittest",
    source,
    testClasses: [name],
    method: `m${name}`,
  }));

  test("each class has a verdict of its own", async () => {
    expect(await verdictOf(problem(classes), "def f(x): return 1")).toMatchObject({
      verdict: "wrong_answer",
      parts: [
        { name: "mA", verdict: "pass" },
        { name: "mB", verdict: "wrong_answer" },
      ],
      failedTest: { index: 1, name: "B.test_two", message: expect.stringContaining("1 != 2") },
    });
    expect((await verdictOf(problem(classes), "def f(x): return x")).verdict).toBe("pass");
  });

  test("a class that hangs takes no verdict from the others", async () => {
    const graded = await verdictOf(problem(classes), "def f(x):\n    while x == 1: pass\n    return x", {
      timeoutMs: 300,
    });
    expect(graded.parts?.map(({ verdict }) => verdict)).toEqual(["time_limit", "pass"]);
  });

  test("a class that uses what an earlier one left behind is judged in its company", async () => {
    const order =
      "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): f('w')\n    def test_b(self): self.fail()\n" +
      "class B(unittest.TestCase):\n    def test_b(self): f('r')\n";
    const tests = ["A", "B"].map((name): TestCase => ({
      type: "unittest",
      source: order,
      testClasses: [name],
    }));
    const graded = await verdictOf(problem(tests), "def f(mode): open('left', mode).close()");
    expect(graded.parts?.map(({ verdict }) => verdict)).toEqual(["wrong_answer", "pass"]);
  });

  test("mock_open, which fills in globals of unittest.mock, is no tampering", async () => {
    const mocked =
      "import unittest\nfrom unittest.mock import mock_open, patch\nclass T(unittest.TestCase):\n" +
      "    def test_read(self):\n        with patch('builtins.open', mock_open(read_data='x')):\n            self.assertEqual(f(), 'x')\n";
    const given = problem([{ type: "unittest", source: mocked }]);
    expect((await verdictOf(given, "def f(): return open('p').read()")).verdict).toBe("pass");
  });

  test("mocks of the test reach the program", async () => {
    const mocked =
      "import unittest\nfrom unittest.mock import patch\nclass T(unittest.TestCase):\n    @patch('builtins.open')\n" +
      "    def test_open(self, opened):\n        f()\n        opened.assert_called_once_with('x')\n";
    const given = problem([{ type: "unittest", source: mocked }]);
    expect((await verdictOf(given, "def f(): open('x')")).verdict).toBe("pass");
    expect((await verdictOf(given, "def f(): pass")).verdict).toBe("wrong_answer");
    const behindImports = { ...given, preamble: "import os\n" };
    expect((await verdictOf(behindImports, "def f(): open('x')")).verdict).toBe("pass");
  });

  test("a program may start `python`: the interpreter that runs it", async () => {
    const source =
      "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertEqual(f(), f.expected)\n";
    const code =
      "import subprocess, sys\ndef f(): return subprocess.check_output(['python', '-c', 'import sys; print(sys.version)'], text=True).strip()\n" +
      "f.expected = sys.version\n";
    expect((await verdictOf(problem([{ type: "unittest", source }]), code)).verdict).toBe("pass");
  });
});

describe("EvalPlus", () => {
  const hidden = {
    form: "evalplus",
    baseInput: "[[1.0], [2]]",
    plusInput: "[[3], [[4]]]",
    atol: 0,
    reference: "def f(x): return x if isinstance(x, list) else x * 3",
  } as const;

  test("base and plus are told apart, and plus presupposes base", async () => {
    const given = problem(hidden);
    expect(await verdictOf(given, hidden.reference)).toMatchObject({
      verdict: "pass",
      passedTests: 4,
      parts: [
        { name: "base", verdict: "pass" },
        { name: "plus", verdict: "pass" },
      ],
    });
    const baseOnly = await verdictOf(given, "def f(x): return x + x + x");
    expect(baseOnly.parts?.map(({ verdict }) => verdict)).toEqual(["pass", "wrong_answer"]);
    expect(baseOnly.failedTest).toMatchObject({ index: 3, input: "[[4]]", expected: "[4]" });
    const neither = await verdictOf(given, "def f(x): return 0");
    expect(neither.parts).toEqual([{ name: "base", verdict: "wrong_answer" }]);
  });

  test("answers of megabytes are told apart without being sent", async () => {
    const reference = "def f(x): return [(str(x), i) for i in range(200_000)]";
    const given = problem({ ...hidden, baseInput: "[[1], [2]]", plusInput: "[]", reference });
    expect((await verdictOf(given, reference)).verdict).toBe("pass");
    const last = `${reference}[:-1] + [(str(x), 0 if x == 2 else 199_999)]`;
    expect(await verdictOf(given, last)).toMatchObject({
      verdict: "wrong_answer",
      failedTest: { index: 1, expected: expect.stringContaining("characters") },
    });
    const integers = "def f(x): return [i for i in range(400_000)]";
    const floats = { ...hidden, baseInput: "[[1]]", plusInput: "[]", reference: integers };
    expect((await verdictOf(problem(floats), integers.replace("[i ", "[i + 0.0 "))).verdict).toBe(
      "wrong_answer",
    );
    const close = { ...floats, reference: "def f(x): return [i / 3 for i in range(400_000)]" };
    expect(
      (await verdictOf(problem(close), "def f(x): return [i * (1 / 3) for i in range(400_000)]")).verdict,
    ).toBe("pass");
  });

  test("a program that is wrong already does not go on to its time limit", async () => {
    const given = problem({ ...hidden, baseInput: "[[1], [2]]", plusInput: "[]" });
    const graded = await verdictOf(given, "def f(x):\n    while x == 2: pass\n    return 0");
    expect(graded).toMatchObject({ verdict: "wrong_answer", failedTest: { index: 0 } });
  });

  test("a reference that fails is a fault of the tests", async () => {
    const given = problem({ ...hidden, reference: "def f(x): return 1 / 0" });
    expect((await verdictOf(given, "def f(x): return 0")).verdict).toBe("infra_error");
  });
});

describe("what is no verdict about the program", () => {
  test.each([
    ["no such problem", undefined],
    ["no hidden tests", problem([])],
    ["undecodable tests", problem({ form: "livecodebench", data: "eJw=garbage" })],
    [
      "a preamble that cannot run",
      problem([{ type: "stdio", input: "", output: "42\n" }], {
        kind: "stdin",
        preamble: "import no_such_library",
      }),
    ],
  ])("%s", async (_, given) => {
    const graded = await verdictOf(given, "print(42)");
    expect(graded.verdict).toBe("infra_error");
    expect(graded.failedTest?.message).not.toBe("");
  });
});
