/** Classes put together from real candidates; where bubblewrap works, inside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import { bubblewrapCheck } from "../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { recombinedClass } from "../../src/solve/recombined-class.ts";
import { problemOf } from "../statement/problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

const STARTER = `class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        """
        >>> s = Stack()
        >>> s.push(5)
        1
        """

    def top(self):
        """
        >>> s = Stack()
        >>> s.items = [1, 2]
        >>> s.top()
        2
        """
`;
const program = (push: string, top: string): string =>
  `class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        ${push}\n\n    def top(self):\n        ${top}\n`;
const PUSH = "self.items.append(item); return len(self.items)";
const TOP = "return self.items[-1]";

function recombined(...codes: readonly string[]): ReturnType<typeof recombinedClass> {
  const candidates = codes.map((code, i): Candidate => ({
    problemId: "p",
    sampleIndex: i + 10,
    code,
    warnings: [],
    extra: {},
  }));
  return recombinedClass(problemOf("method", "A stack.", { starterCode: STARTER }), candidates, { sandbox });
}

describe("recombinedClass", () => {
  test("right methods of two programs, each wrong in another", async () => {
    const answer = await recombined(program(PUSH, "return self.items[0]"), program("return None", TOP));
    expect(answer?.code).toBe(program(PUSH, TOP));
    expect(answer).toMatchObject({ base: 10, methods: { "Stack.top": 11 } });
  });

  test("nothing to take: one has the best of everything, one candidate, no class", async () => {
    expect(await recombined(program(PUSH, TOP), program(PUSH, "return None"))).toBeUndefined();
    expect(await recombined(program(PUSH, TOP))).toBeUndefined();
    expect(await recombined("", program(PUSH, TOP))).toBeUndefined();
    const script = problemOf("stdin", "Read n.");
    expect(await recombinedClass(script, [], { sandbox })).toBeUndefined();
  });

  test("methods that do not work together are not taken", async () => {
    const other =
      "class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        return None\n\n    def top(self):\n        return LAST(self.items)\n\ndef LAST(items):\n    return items[-1]\n";
    expect(await recombined(program(PUSH, "return self.items[0]"), other)).toBeUndefined();
  });
});
