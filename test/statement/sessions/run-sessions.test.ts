/** Sessions on real programs; where bubblewrap works, inside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bubblewrapCheck } from "../../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { furtherSessions } from "../../../src/statement/sessions/further-sessions.ts";
import { readSessions } from "../../../src/statement/sessions/read-sessions.ts";
import { runSessions } from "../../../src/statement/sessions/run-sessions.ts";
import type { Session, SessionStep } from "../../../src/statement/sessions/session.ts";
import { loadPythonParser } from "../../../src/steps/index.ts";
import { problemOf } from "../problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  await loadPythonParser();
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

const stack = problemOf("method", "A stack.", {
  starterCode: `class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        """
        :param item: int
        >>> s = Stack()
        >>> s.push(1)
        1
        """

    def top(self):
        """
        >>> s = Stack()
        >>> s.push(3)
        >>> s.top()
        3
        """

    def clear(self):
        """
        Removes all.
        """
`,
});
const program = (push: string, top = "return self.items[-1]"): string => `class Stack:
    made = 0
    def __init__(self):
        self.items = []
        Stack.made += 1
        self._secret = Stack.made
    def push(self, item):
        self.items.append(item)
        ${push}
    def top(self):
        ${top}
    def clear(self):
        self.items = []
`;
const RIGHT = program("return len(self.items)");

const session = (...steps: readonly SessionStep[]): Session => ({ method: "Stack.push", steps });
const run = (code: string, ...sessions: readonly Session[]): ReturnType<typeof runSessions> =>
  runSessions(code, stack, sessions, { sandbox });
/** `passed` of every step; null for those that were not come to. */
async function passed(code: string, ...steps: readonly SessionStep[]): Promise<(boolean | null)[]> {
  const [outcome = []] = await run(code, session({ source: "s = Stack()" }, ...steps));
  return outcome.slice(1).map((step) => step?.passed ?? null);
}

describe("runSessions", () => {
  test("what a docstring shows is compared by value", async () => {
    const check = (printed: string, value: string): Promise<(boolean | null)[]> =>
      passed(program(`return ${value}`), { source: "s.push(1)", printed });
    expect(await check("[1, 2]", "[1, 2]")).toEqual([true]);
    expect(await check("[1,2]", "(1, 2)")).toEqual([false]);
    expect(await check('"a"', "'a'")).toEqual([true]);
    expect(await check("0.333333333", "1 / 3")).toEqual([true]);
    expect(await check("0.33", "1 / 3")).toEqual([false]);
    expect(await check("{'b': 1.0, 'a': [2]}", "{'a': [2], 'b': 1}")).toEqual([true]);
    expect(await check("<object>", "3")).toEqual([null]);
    expect(await check("1", "print(1)")).toEqual([true]);
  });

  test("exceptions: unexpected, and shown", async () => {
    const raising = program("raise ValueError('no')");
    expect(await passed(raising, { source: "s.push(1)" })).toEqual([false]);
    expect(await passed(raising, { source: "s.push(1)", printed: "ValueError: no" })).toEqual([true]);
    expect(await passed(raising, { source: "s.push(1)", printed: "KeyError" })).toEqual([false]);
    expect(await passed(RIGHT, { source: "s.push(1)", printed: "ValueError: no" })).toEqual([false]);
  });

  test("a method that fails hides no other, in its session or in the next", async () => {
    expect(
      await passed(
        program("raise ValueError"),
        { source: "s.push(1)", printed: "1" },
        { source: "s.top()", printed: "1" },
      ),
    ).toEqual([false, true]);
  });

  test("states below a statement, and equal states of equal objects", async () => {
    const step = { source: "s.push(1)", printed: "1", states: [["s.items", "[1]"]] } as const;
    expect(await passed(RIGHT, step)).toEqual([true]);
    expect(await passed(RIGHT, { ...step, states: [["s.items", "[2]"]] })).toEqual([false]);
    const both = session({ source: "s = Stack()" }, { source: "s.push(1.0)" });
    const [[, first] = []] = await run(RIGHT, both);
    const [[, second] = []] = await run(program("self.other = 1; return 1.0"), both);
    // 1 and 1.0 are equal, and attributes that no one asked for do not count.
    expect(second).toEqual(first);
    expect(first?.state).toBe("s: items=[1]");
  });

  test("each session meets the program anew", async () => {
    const one = session({ source: "s = Stack()" }, { source: "Stack.made", printed: "1" });
    const outcomes = await run(RIGHT, one, one);
    expect(outcomes.map((steps) => steps[1]?.passed)).toEqual([true, true]);
  });

  test("endless loops, a process that ends itself, a program that cannot be loaded", async () => {
    const good = session({ source: "s = Stack()" }, { source: "s.top", printed: "<bound>" });
    const bad = session({ source: "s = Stack()" }, { source: "s.push(1)", printed: "1" });
    const looping = await run(program("while True: pass"), bad, good);
    expect(looping.map((steps) => steps.map((step) => step?.passed))).toEqual([
      [null, false],
      [null, null],
    ]);
    expect(looping[0]?.[1]?.outcome).toBe("raises OutOfTime");
    const ending = await run(program("import os; os._exit(0)"), bad, good);
    expect(ending.map((steps) => steps.map((step) => step === null))).toEqual([
      [true, true],
      [false, false],
    ]);
    const broken = await run("class Stack(:", bad, good);
    expect(broken.flat()).toEqual([null, null, null, null]);
  });
});

describe("furtherSessions", () => {
  test("the same every time, and every method is called", async () => {
    const sessions = readSessions(stack);
    const further = await furtherSessions(stack, sessions, { sandbox });
    expect(await furtherSessions(stack, sessions, { sandbox })).toEqual(further);
    for (const method of ["Stack.push", "Stack.top", "Stack.clear"]) {
      const own = further.filter((each) => each.method === method);
      expect(own.length).toBeGreaterThan(3);
      expect(own.every(({ steps }) => steps.some((step) => step.method === method))).toBe(true);
    }
  });

  test("a wrong method shows on them, and on itself alone", async () => {
    const further = await furtherSessions(stack, readSessions(stack), { sandbox });
    const differ = async (code: string): Promise<Set<string | undefined>> => {
      const right = await run(RIGHT, ...further);
      const other = await run(code, ...further);
      return new Set(
        further.flatMap(({ steps }, i) =>
          steps.flatMap(({ method }, j) =>
            other[i]?.[j]?.outcome === right[i]?.[j]?.outcome ? [] : [method],
          ),
        ),
      );
    };
    expect(await differ(RIGHT)).toEqual(new Set());
    expect(await differ(program("return len(self.items)", "return self.items[0]"))).toEqual(
      new Set(["Stack.top"]),
    );
  });

  test("without a class there are none", async () => {
    expect(await furtherSessions(problemOf("stdin", ""), [], { sandbox })).toEqual([]);
  });
});
