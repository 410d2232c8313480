import { beforeAll, describe, expect, test } from "vitest";
import { readSessions } from "../../../src/statement/sessions/read-sessions.ts";
import { loadPythonParser } from "../../../src/steps/index.ts";

beforeAll(loadPythonParser);

/** A skeleton with these docstrings: `__init__` and `push`. */
const skeleton = (push: string, init = "", parameters = ""): string => `class Stack:
    def __init__(self${parameters}):
        """
        ${init}
        """
        self.items = []

    def push(self, item):
        """
        Adds it.
${push
  .split("\n")
  .map((line) => `        ${line}`)
  .join("\n")}

        """

    @staticmethod
    def name():
        """
        >>> Stack.name()
        'stack'
        """
`;

/** The steps of the sessions of `push`. */
const steps = (starterCode: string): unknown =>
  readSessions({ kind: "method", starterCode })
    .filter(({ method }) => method === "Stack.push")
    .map((session) => session.steps);

describe("readSessions", () => {
  test("statements with what is shown below them, by the method whose docstring it is", () => {
    expect(
      readSessions({
        kind: "method",
        starterCode: skeleton(">>> s = Stack()\n>>> s.push(1)\n1\n>>> s.items\n[1]"),
      }),
    ).toEqual([
      {
        method: "Stack.push",
        steps: [
          { source: "s = Stack()" },
          { source: "s.push(1)", printed: "1" },
          { source: "s.items", printed: "[1]" },
        ],
      },
      { method: "Stack.name", steps: [{ source: "Stack.name()", printed: "'stack'" }] },
    ]);
  });

  test("an object that nothing makes is made: as another docstring does, else without arguments", () => {
    expect(steps(skeleton(">>> s.push(1)\n1"))).toEqual([
      [{ source: "s = Stack()" }, { source: "s.push(1)", printed: "1" }],
    ]);
    expect(steps(skeleton(">>> s.push(1)\n1", ">>> n = 3\n        >>> s = Stack(n)", ", size"))).toEqual([
      [{ source: "n = 3" }, { source: "s = Stack(n)" }, { source: "s.push(1)", printed: "1" }],
    ]);
    expect(steps(skeleton(">>> s.push(1)\n1", ">>> other = Stack(5)", ", size"))).toEqual([
      [{ source: "s = Stack(5)" }, { source: "s.push(1)", printed: "1" }],
    ]);
    // Nothing says what the constructor takes.
    expect(steps(skeleton(">>> s.push(1)\n1", "", ", size"))).toEqual([
      [{ source: "s.push(1)", printed: "1" }],
    ]);
  });

  test("a method called on its class gets an object, a static method does not", () => {
    expect(steps(skeleton(">>> Stack.push(1)\n1\n>>> Stack.name()\n'stack'"))).toEqual([
      [
        { source: "Stack().push(1)", printed: "1" },
        { source: "Stack.name()", printed: "'stack'" },
      ],
    ]);
  });

  test("a statement over several lines, whatever they are marked with", () => {
    const made = [{ source: "s = Stack()" }, { source: "s.push([\n1,\n2])", printed: "2" }];
    expect(steps(skeleton(">>> s = Stack()\n>>> s.push([\n    1,\n    2])\n2"))).toEqual([made]);
    expect(steps(skeleton(">>> s = Stack()\n>>> s.push([\n>>> 1,\n>>> 2])\n2"))).toEqual([made]);
    expect(steps(skeleton(">>> s = Stack()\n>>> s.push([\n... 1,\n... 2])\n2"))).toEqual([made]);
    expect(steps(skeleton('>>> s = Stack()\n>>> s.push("[(")\n2'))).toEqual([
      [{ source: "s = Stack()" }, { source: 's.push("[(")', printed: "2" }],
    ]);
  });

  test("lines that say what holds afterwards", () => {
    expect(steps(skeleton(">>> s = Stack()\n>>> s.push(1)\nTrue\nself.items = [1]"))).toEqual([
      [{ source: "s = Stack()" }, { source: "s.push(1)", printed: "True", states: [["s.items", "[1]"]] }],
    ]);
    expect(
      steps(skeleton(">>> a = Stack()\n>>> b = Stack()\n>>> a.push(1)\na.items = [1] b.items = []")),
    ).toEqual([
      [
        { source: "a = Stack()" },
        { source: "b = Stack()" },
        {
          source: "a.push(1)",
          states: [
            ["a.items", "[1]"],
            ["b.items", "[]"],
          ],
        },
      ],
    ]);
  });

  test("no class, no sessions", () => {
    expect(readSessions({ kind: "method", starterCode: "" })).toEqual([]);
    expect(
      readSessions({ kind: "method", starterCode: 'def f(x):\n    """\n    >>> f(1)\n    2\n    """\n' }),
    ).toEqual([]);
  });
});
