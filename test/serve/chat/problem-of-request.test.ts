import { expect, it } from "vitest";
import { problemOf } from "../../../src/serve/chat/problem-of-request.ts";
import { exampleTestsOf } from "../../../src/statement/examples/extract-examples.ts";

const METHOD =
  "from typing import List\n\n\nclass Solution:\n    def total(self, values: List[int]) -> int:\n";
const STUB = `def add(a: int, b: int) -> int:
    """Return the sum.

    >>> add(1, 2)
    3
    """
`;

it.each([
  ["a pasted problem reads standard input", "Print the sum of all numbers.", "stdin", undefined, ""],
  ["a fenced class", `Solve it.\n\n\`\`\`python\n${METHOD}\`\`\`\n`, "method", "Solution().total", METHOD],
  ["a fenced stub", `Complete:\n\`\`\`python\n${STUB}\`\`\``, "function", "add", STUB],
  ["a bare stub", STUB, "function", "add", STUB],
  ["a function that tests call", "Write a function.\nassert twice(2) == 4", "function", "twice", ""],
  ["a function that is named", "Write a function called `twice` in Python.", "function", "twice", ""],
  ["a quoted call", "Write `twice(n: int) -> int` in Python.", "function", "twice", ""],
  [
    "of several functions the last",
    "```python\ndef helper(x):\n    return x\n\n\ndef wanted(x):\n    ...\n```",
    "function",
    "wanted",
    "def helper(x):\n    return x\n\n\ndef wanted(x):\n    ...\n",
  ],
  [
    "of several functions the tested one",
    "```python\ndef wanted(x):\n    ...\n\n\ndef shown(x):\n    return x\n```\nassert wanted(1) == 1",
    "function",
    "wanted",
    "def wanted(x):\n    ...\n\n\ndef shown(x):\n    return x\n",
  ],
  [
    "a program to mend",
    "Fix:\n```python\ndef main():\n    print(input())\n\nmain()\n```",
    "stdin",
    undefined,
    "",
  ],
])("%s", (_, text, kind, entryPoint, starterCode) => {
  const problem = problemOf(text);
  expect(problem.kind).toBe(kind);
  expect(problem.entryPoint).toBe(entryPoint);
  expect(problem.starterCode.trim()).toBe(starterCode.trim());
  expect(problem.statement).toBe(text);
});

it("examples in a docstring, in asserts and in samples are run", () => {
  expect(exampleTestsOf(problemOf(`Complete:\n\`\`\`python\n${STUB}\`\`\``))).toHaveLength(1);
  expect(exampleTestsOf(problemOf("Write a function.\nassert twice(2) == 4"))).toHaveLength(1);
  const sample =
    "In Python: print the sum.\n\nInput\n\nn\n\nOutput\n\nthe sum\n\nExample\n\nInput\n2\n\nOutput\n3\n";
  expect(exampleTestsOf(problemOf(sample))).toHaveLength(1);
});
