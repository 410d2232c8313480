/** Real programs in the real sandbox where bubblewrap works, else in the same workers without isolation. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bubblewrapCheck } from "../../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import { DEFAULT_LIMITS, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { exampleTestsOf } from "../../../src/statement/examples/extract-examples.ts";
import { modelInputs } from "../../../src/statement/model/model-inputs.ts";
import { readInputModel } from "../../../src/statement/model/read-input-model.ts";
import { runExamples } from "../../../src/statement/run/run-examples.ts";
import { runProbes } from "../../../src/statement/run/run-probes.ts";
import { problemOf } from "../problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

const limits = { ...DEFAULT_LIMITS, cpuMs: 2000, wallMs: 10_000 };

const turned = problemOf(
  "method",
  "Turn a linked list round.\n\nExample 1:\n\nInput: head = [1,2,3]\nOutput: [3,2,1]\n\nExample 2:\n\nInput: head = []\nOutput: []\n\nConstraints:\n\nThe number of nodes in the list is in the range [0, 500].\n-5 <= Node.val <= 5\n",
  {
    starterCode:
      "class Solution:\n    def turn(self, head: Optional[ListNode]) -> Optional[ListNode]:\n        ",
    entryPoint: "Solution().turn",
  },
);
const turnProgram = (last: string): string =>
  `class Solution:\n    def turn(self, head: Optional[ListNode]) -> Optional[ListNode]:\n        before = None\n        while head:\n            head.next, before, head = before, head, head.next\n        return ${last}\n`;

const deepest = problemOf(
  "method",
  "Find the depth of a tree.\n\nExample 1:\n\nInput: root = [3,9,20,null,null,15,7]\nOutput: 3\n\nExample 2:\n\nInput: root = [1,null,2]\nOutput: 2\n",
  {
    starterCode: "class Solution:\n    def depth(self, root: Optional[TreeNode]) -> int:\n        ",
    entryPoint: "Solution().depth",
  },
);
const depthProgram = (both: string): string =>
  `class Solution:\n    def depth(self, root: Optional[TreeNode]) -> int:\n        if root is None:\n            return 0\n        return 1 + ${both}\n`;

describe("objects that a statement writes as lists", () => {
  test("linked lists go in and come out", async () => {
    const examples = exampleTestsOf(turned);
    expect(await runExamples(turnProgram("before"), turned, examples, { sandbox, limits })).toEqual([
      true,
      true,
    ]);
    expect(await runExamples(turnProgram("head"), turned, examples, { sandbox, limits })).toEqual([
      false,
      true,
    ]);
  });

  test("trees go in level by level", async () => {
    const examples = exampleTestsOf(deepest);
    const right = depthProgram("max(self.depth(root.left), self.depth(root.right))");
    const wrong = depthProgram("self.depth(root.left)");
    expect(await runExamples(right, deepest, examples, { sandbox, limits })).toEqual([true, true]);
    expect(await runExamples(wrong, deepest, examples, { sandbox, limits })).toEqual([false, false]);
  });

  test("a program may bring the class itself", async () => {
    const own = `class ListNode:\n    def __init__(self, val=0, next=None):\n        self.val = val\n        self.next = next\n\n${turnProgram("before")}`;
    expect(
      await runExamples(`from typing import *\n${own}`, turned, exampleTestsOf(turned), { sandbox, limits }),
    ).toEqual([true, true]);
  });

  test("inputs of linked lists keep the bounds of nodes and values", async () => {
    const model = readInputModel(
      turned,
      exampleTestsOf(turned).map(({ test: example }) => example),
    );
    expect(model.notUnderstood).toEqual([]);
    const inputs = modelInputs(model, { count: 12 }).map(({ input }) => input);
    expect(inputs).toContainEqual({ type: "call", args: [[]] });
    const answers = await runProbes(turnProgram("before"), turned, inputs, { sandbox, limits });
    expect(answers.filter((answer) => answer === null)).toEqual([]);
  });
});
