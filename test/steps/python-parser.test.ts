import { beforeAll, expect, test } from "vitest";
import { loadPythonParser, withTree } from "../../src/steps/python-parser.ts";

beforeAll(loadPythonParser);

test("gives up on a program whose errors cost out of proportion, and parses the next from its beginning", () => {
  const costly = `x = (a, b)(a, b)${" = 1 if 2 else ".repeat(900)}`;
  expect(withTree(costly, (root) => root.type)).toBeUndefined();
  expect(withTree("def f(): pass\n", (root) => root.toString())).toMatch(/^\(module \(function_definition/);
});

test("does not give up on long or deep code that is Python, or on an ordinary error", () => {
  const programs = [
    "x = 1\n".repeat(20_000),
    `x = ${"[".repeat(150)}${"]".repeat(150)}\n`.repeat(100),
    `x = ${"a + ".repeat(5000)}a\n`,
    "def f(:\n    return (1\n".repeat(100),
  ];
  for (const program of programs) expect(withTree(program, (root) => root.endIndex)).toBe(program.length);
});

test("frees the tree when its reader throws", () => {
  const failure = new Error("from the reader");
  expect(() =>
    withTree("x = 1\n", () => {
      throw failure;
    }),
  ).toThrow(failure);
  expect(withTree("x = 1\n", (root) => root.hasError)).toBe(false);
});
