import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { slugOf, withSuiteTests } from "../../src/formats/suites/leetcode.ts";
import { readProblems, readStatements } from "../../src/formats/problems.ts";
import { all, only, testFolder } from "./folder.ts";
import {
  bigcodebenchLine,
  evalplusLine,
  livecodebenchLine,
  plainLine,
  writeMarkdown,
} from "./problem-writers.ts";

const folder = testFolder();

async function read(content: string | object, tests: "keep" | "drop" = "keep"): Promise<Problem> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const [problem, ...more] = await all(readProblems(Readable.from([text]), { tests }));
  expect(more).toEqual([]);
  if (problem === undefined) throw new Error("no problem");
  return problem;
}

describe("our own form", () => {
  const record = {
    id: "double",
    title: "Double it",
    statement: "Print twice the number.",
    difficulty: "easy",
    examples: [{ input: "1\n", output: "2\n" }],
    tests: [
      { input: "3\n", output: "6\n" },
      { check: "def check(candidate):\n    assert candidate(1) == 2\n", entry_point: "double" },
      { unittest: "class T(unittest.TestCase): pass", test_classes: ["T"], method: "m" },
    ],
  };

  it("reads a pretty-printed file, examples apart from hidden tests", async () => {
    const problem = await read(JSON.stringify(record, null, 2));
    expect(problem).toMatchObject({
      id: "double",
      kind: "stdin",
      starterCode: "",
      meta: { difficulty: "easy" },
    });
    expect(problem.exampleTests).toEqual([{ type: "stdio", input: "1\n", output: "2\n" }]);
    expect(problem.hiddenTests).toMatchObject({
      form: "list",
      tests: [{ type: "stdio" }, { type: "check", entryPoint: "double" }, { type: "unittest", method: "m" }],
    });
  });

  it("keeps examples and drops hidden tests for ranking", async () => {
    const problem = await read({ ...record, reference: "print(2 * int(input()))" }, "drop");
    expect(problem.exampleTests).toHaveLength(1);
    expect(problem.hiddenTests).toBeUndefined();
    expect(problem.reference).toBeUndefined();
  });

  it("keeps the numbers of calls as they are written", async () => {
    const text =
      '{"id": "half", "statement": "Halve.", "entry_point": "half", ' +
      '"tests": [{"args": [1.0, 123456789012345678901], "expected": 0.50}, {"args": [], "expected": null}]}';
    const problem = await read(text);
    expect(problem.kind).toBe("function");
    expect(problem.hiddenTests).toMatchObject({
      tests: [
        {
          type: "call",
          args: [1, 123456789012345680000],
          argsJson: "[1.0, 123456789012345678901]",
          expectedJson: "0.50",
        },
        { type: "call", args: [], expected: null, expectedJson: "null" },
      ],
    });
    const again = plainLine(problem);
    expect(again).toContain('"args":[1.0, 123456789012345678901],"expected":0.50');
    expect(await read(again)).toEqual(problem);
  });

  it("reads back what it writes", async () => {
    const problem = await read({
      ...record,
      starter_code: "def f():\n    ",
      preamble: "import math",
      reference: "x",
      suite: "s",
    });
    expect(await read(plainLine(problem))).toEqual(problem);
  });

  it.each([
    ["", undefined, "stdin", undefined],
    ["def twice(x):\n    ", undefined, "function", "twice"],
    ["from typing import *\n\nasync def twice(x):\n    ", undefined, "function", "twice"],
    ["class Solution:\n    def twice(self, x):\n        ", undefined, "method", "Solution().twice"],
    ["class Solution:\n    def twice(self, x):\n        ", "twice", "method", "Solution().twice"],
    [
      "class Stack:\n    def __init__(self):\n        pass\n    def push(self, x):\n        ",
      undefined,
      "method",
      "Stack",
    ],
    ["class Stack:\n    def push(self): ...", "Stack", "method", "Stack"],
    ["", "twice", "function", "twice"],
    ["", "Solution().twice", "method", "Solution().twice"],
  ])("tells how a program is called from %j and %j", async (starter_code, entry_point, kind, entryPoint) => {
    const problem = await read({ id: 1, statement: "s", starter_code, entry_point });
    expect([problem.kind, problem.entryPoint, problem.id]).toEqual([kind, entryPoint, "1"]);
  });
});

describe("LiveCodeBench", () => {
  const record = {
    question_title: "A. Sum",
    question_content: "Add them.",
    platform: "leetcode",
    question_id: "42",
    contest_id: "c7",
    contest_date: "2025-01-01T00:00:00",
    starter_code: "class Solution:\n    def add(self, a: int, b: List[int]) -> int:\n        ",
    difficulty: "easy",
    public_test_cases: JSON.stringify([{ input: "1.0\n[2, 3]", output: "6", testtype: "functional" }]),
    private_test_cases: JSON.stringify([{ input: "1\n[]", output: "1", testtype: "functional" }]),
    metadata: '{"func_name": "add"}',
  };

  it("reads a call-based record", async () => {
    const problem = await read(record);
    expect(problem).toMatchObject({
      id: "42", title: "A. Sum", kind: "method", entryPoint: "Solution().add",
      meta: { suite: "livecodebench", platform: "leetcode", difficulty: "easy", date: "2025-01-01T00:00:00", contest: "c7" },
      exampleTests: [{ type: "call", args: [1, [2, 3]], argsJson: "[1.0,[2, 3]]", expected: 6, expectedJson: "6" }],
      hiddenTests: { form: "livecodebench", data: record.private_test_cases },
    }); // prettier-ignore
  });

  it("reads a stdin record, whose inputs are not JSON", async () => {
    const problem = await read({
      ...record,
      starter_code: "",
      metadata: "{}",
      public_test_cases: '[{"input": "1 2\\n", "output": "3\\n", "testtype": "stdin"}]',
    });
    expect(problem).toMatchObject({
      kind: "stdin",
      exampleTests: [{ type: "stdio", input: "1 2\n", output: "3\n" }],
    });
  });

  it("reads back what it writes", async () => {
    const problem = await read(record);
    expect(await read(livecodebenchLine(problem))).toEqual(problem);
    const stdin = await read({ ...record, starter_code: "", metadata: "{}", public_test_cases: "[]" });
    expect(await read(livecodebenchLine(stdin))).toEqual(stdin);
  });
});

describe("suites", () => {
  const evalplus =
    '{"task_id": "HumanEval/7", "prompt": "def half(x):\\n    \\"\\"\\"Half of x.\\"\\"\\"\\n", "entry_point": "half", ' +
    '"canonical_solution": "    return x / 2\\n", "base_input": [[1.0], [Infinity]], "plus_input": [[100000000000000000001]], "atol": 1e-06}';

  it("reads an EvalPlus task with its inputs as they are written", async () => {
    const problem = await read(evalplus);
    expect(problem).toMatchObject({
      id: "HumanEval/7", kind: "function", entryPoint: "half", meta: { suite: "humaneval" },
      starterCode: 'def half(x):\n    """Half of x."""\n',
      hiddenTests: { form: "evalplus", baseInput: "[[1.0], [Infinity]]", plusInput: "[[100000000000000000001]]", atol: 1e-6 },
      reference: 'def half(x):\n    """Half of x."""\n    return x / 2\n',
    }); // prettier-ignore
    expect(await read(evalplusLine(problem))).toEqual(problem);
    expect((await read(evalplus, "drop")).hiddenTests).toBeUndefined();
    expect((await read(evalplus.replace("[[100000000000000000001]]", "{}"))).hiddenTests).toMatchObject({
      plusInput: "[]",
    });
  });

  it("reads an original HumanEval task by its check", async () => {
    const problem = await read({
      task_id: "HumanEval/7",
      prompt: "def f(x):\n",
      entry_point: "f",
      canonical_solution: "    return x\n",
      test: "\ndef check(candidate):\n    assert candidate(1) == 1\n",
    });
    expect(problem.hiddenTests).toMatchObject({ form: "list", tests: [{ type: "check", entryPoint: "f" }] });
  });

  it.each([
    ["complete_prompt", "code_prompt"],
    ["prompt", "prompt_wo_doc"],
  ])("reads a BigCodeBench task with %s", async (prompt, signature) => {
    const problem = await read({
      task_id: "BigCodeBench/3", [prompt]: 'import os\ndef task_func(a):\n    """Doc."""\n', [signature]: "import os\ndef task_func(a):\n",
      entry_point: "task_func", canonical_solution: "    return a", test: "import unittest\nclass TestCases(unittest.TestCase): pass", libs: ["os"],
    }); // prettier-ignore
    expect(problem).toMatchObject({
      id: "BigCodeBench/3", kind: "function", entryPoint: "task_func", preamble: "import os\ndef task_func(a):\n    pass\n",
      reference: 'import os\ndef task_func(a):\n    """Doc."""\n    return a',
      hiddenTests: { tests: [{ type: "unittest", testClasses: ["TestCases"] }] },
      meta: { suite: "bigcodebench", libs: ["os"] },
    }); // prettier-ignore
    expect(await read(bigcodebenchLine(problem))).toEqual(problem);
  });

  it("gives every method of a ClassEval class its own test", async () => {
    const problem = await read({
      task_id: "ClassEval_1", skeleton: "class Box:\n    def put(self): ...\n", class_name: "Box", test: "import unittest",
      test_classes: ["BoxTestPut", "BoxTestMain"], solution_code: "class Box: pass",
      methods_info: [{ method_name: "put", test_class: "BoxTestPut", test_code: "..." }],
    }); // prettier-ignore
    expect(problem).toMatchObject({ kind: "method", entryPoint: "Box", reference: "class Box: pass" });
    expect(problem.hiddenTests).toEqual({
      form: "list",
      tests: [
        { type: "unittest", source: "import unittest", testClasses: ["BoxTestPut"], method: "put" },
        { type: "unittest", source: "import unittest", testClasses: ["BoxTestMain"] },
      ],
    });
  });

  it("gives a method the class that is named after it, whatever the record says, and no class without tests", async () => {
    const source =
      "import unittest\nclass BoxTestBase(unittest.TestCase):\n    def setUp(self): pass\n\n" +
      ["Put", "TakeAll", "Odd", "Main"]
        .map((name) => `class BoxTest${name}(unittest.TestCase):\n    def test_a(self): pass\n`)
        .join("");
    const shifted = [["make", "BoxTestBase"], ["put", "BoxTestBase"], ["take_all", "BoxTestPut"], ["_take_all", "BoxTestOdd"]]; // prettier-ignore
    const problem = await read({
      task_id: "ClassEval_2",
      skeleton: "class Box: ...",
      class_name: "Box",
      test: source,
      test_classes: ["BoxTestBase", "BoxTestPut", "BoxTestTakeAll", "BoxTestOdd", "BoxTestMain"],
      methods_info: shifted.map(([method_name, test_class]) => ({ method_name, test_class })),
    });
    const tests = problem.hiddenTests?.form === "list" ? problem.hiddenTests.tests : [];
    expect(
      tests.map((test) => (test.type === "unittest" ? [test.testClasses?.[0], test.method] : [])),
    ).toEqual([
      ["BoxTestPut", "put"],
      ["BoxTestTakeAll", "take_all"],
      ["BoxTestOdd", "_take_all"],
      ["BoxTestMain", undefined],
    ]);
  });

  it("joins LeetCode tests to the problem that states them", async () => {
    const suite = await read({
      slug: "sum-in-a-matrix",
      entry_point: "Solution().sumIt",
      prompt: "from typing import *",
      test: "def check(candidate):\n    pass\n",
    });
    expect(suite).toMatchObject({
      id: "sum-in-a-matrix",
      statement: "",
      kind: "method",
      meta: { testsOnly: true },
    });
    const stated = await read({
      id: "livecodebench/9",
      title: "Sum in a Matrix",
      statement: "Sum it.",
      starter_code: "class Solution: ...",
    });
    expect(slugOf(stated.title ?? "")).toBe(suite.id);
    expect(withSuiteTests(stated, suite)).toMatchObject({
      id: "livecodebench/9",
      statement: "Sum it.",
      entryPoint: "Solution().sumIt",
      preamble: expect.stringMatching(/^from typing import \*\n[^]*setrecursionlimit\(50000\)\n$/),
      hiddenTests: { form: "list" },
    });
  });
});

describe("files", () => {
  it("reads a Markdown file: title, statement, starter code", async () => {
    const text =
      "# Two Numbers #\n\nAdd them.\n\n```\n1 2\n```\n\n```python\nprint(1)\n```\n\n```python\ndef add(a, b):\n    ...\n```\n\nBe quick.\n";
    const problem = only(await all(readProblems(folder.write("two numbers.md.gz", gzipSync(text)))));
    expect(problem).toMatchObject({
      id: "two numbers",
      title: "Two Numbers",
      kind: "function",
      entryPoint: "add",
      starterCode: "def add(a, b):\n    ...\n",
    });
    expect(problem.statement).toContain("print(1)");
    expect(problem.statement).toContain("Be quick.");
    expect(problem.statement).not.toContain("def add");
    const [again] = await all(readProblems(folder.write("two numbers.md", writeMarkdown(problem))));
    expect(again).toEqual(problem);
  });

  it("reads several forms in one file and finds ids in other spellings", async () => {
    const file = folder.write(
      "mixed.jsonl",
      [
        { id: "humaneval/1", suite: "humaneval", statement: "a" },
        { question_id: "1873_A", question_content: "b" },
        { task_id: "ClassEval_5", skeleton: "class A: ...", class_name: "A", test: "t", test_classes: ["T"] },
        { id: "2", suite: "mbpp", statement: "c" },
        { id: "own", statement: "d" },
      ]
        .map((row) => JSON.stringify(row))
        .join("\n"),
    );
    const problems = await readStatements(file);
    const found = (id: string): string | undefined => problems.get(id)?.id;
    expect(problems.size).toBe(5);
    expect(["HumanEval/1", "humaneval/1", "HumanEval_1", "1"].map(found)).toEqual([
      "humaneval/1",
      "humaneval/1",
      "humaneval/1",
      "humaneval/1",
    ]);
    expect(["livecodebench/1873_A", "1873_A", "LiveCodeBench/1873_A"].map(found)).toEqual([
      "1873_A",
      "1873_A",
      "1873_A",
    ]);
    expect(["classeval/ClassEval_5", "ClassEval_5"].map(found)).toEqual(["ClassEval_5", "ClassEval_5"]);
    expect(["Mbpp/2", "2", "HumanEval/2", "Mbpp/1", "x/own", "1873_B", ""].map(found)).toEqual([
      "2",
      "2",
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(problems.has("mbpp/2")).toBe(true);
    expect([...problems.keys()]).toContain("2");
  });
});
