import { beforeAll, expect, test } from "vitest";
import { keptProgram, sentPrefix } from "../../src/rollout/kept-prefix.ts";
import { outlineOf } from "../../src/rollout/outline.ts";
import { prefixAt } from "../../src/rollout/prefix.ts";
import { loadPythonParser } from "../../src/steps/index.ts";
import { counter } from "./programs.ts";

beforeAll(() => loadPythonParser());

const prefix = () => {
  const candidate = { problemId: "p", code: counter(), sampleIndex: 0, warnings: [], extra: {} };
  return prefixAt(candidate, outlineOf(counter()), 1);
};
const REST = "\n\n    def double(self):\n        self.total *= 2\n        return self.total\n";

test("the prefix and its continuation are the program", () => {
  expect(keptProgram(prefix(), REST)).toBe(counter());
});

test.each([
  ["a closing fence and prose behind it", `${REST}\`\`\`\nThis works because ...`],
  ["the prefix repeated", `${sentPrefix(prefix0())}${REST}`],
  ["the prefix repeated in its fence", `\`\`\`python\n${sentPrefix(prefix0())}${REST}\`\`\``],
])("kept: %s", (_, reply) => {
  expect(keptProgram(prefix(), reply)).toBe(counter());
});

test("the setter of a property of the prefix is no other version of it; a second one is", () => {
  const getter = "class A:\n    @property\n    def x(self):\n        return self._x\n";
  const setter = "\n    @x.setter\n    def x(self, value):\n        self._x = value\n";
  const code = `${getter}${setter}`;
  const candidate = { problemId: "p", code, sampleIndex: 0, warnings: [], extra: {} };
  const begun = prefixAt(candidate, outlineOf(code), 0);
  expect(keptProgram(begun, `\n${setter}`)).toBe(code);
  expect(keptProgram(begun, "\n\n    @property\n    def x(self):\n        return 0\n")).toBeNull();
});

test("nothing more to write is a whole program", () => {
  expect(keptProgram(prefix(), "\n```")).toBe(`${sentPrefix(prefix())}\n`);
});

test.each([
  ["a reply that begins anew in a fence", `\`\`\`python\n${counter({ add: "self.total = n" })}\`\`\``],
  ["prose and a new block", `Here is the class:\n\n\`\`\`python\n${counter()}\`\`\``],
  ["the class written again", `\n\n${counter()}`],
  ["another version of a function of the prefix", "\n\n    def add(self, n):\n        return 0\n"],
  ["more lines in the prefix's last function", "\n        self.total = 0\n"],
  ["the rest of the line", " + 1\n"],
])("not kept: %s", (_, reply) => {
  expect(keptProgram(prefix(), reply)).toBeNull();
});

/** Without the parser, for titles. */
function prefix0(): { text: string } {
  const code = counter();
  return { text: code.slice(0, code.indexOf("    def double")) };
}
