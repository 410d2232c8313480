import { expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import type { RewardItem } from "../../src/reward/item.ts";
import { sentProgram } from "../../src/reward/program-text.ts";

const STARTER = "def add(a, b):\n";
const PROBLEM: Problem = {
  id: "add",
  statement: "Add two numbers.",
  kind: "function",
  starterCode: STARTER,
  entryPoint: "add",
  exampleTests: [],
  meta: {},
};

function sent(fields: Pick<RewardItem, "program" | "completion">) {
  const made = sentProgram({ problem: { id: "add" }, ...fields }, PROBLEM);
  /** What the text holds where the lines of the code are said to be. */
  const lines = made.code.split(/(?<=\n)/).map((line, at, all) => {
    const start = all.slice(0, at).join("").length;
    const span = made.place(start, start + line.length);
    return span === null ? null : made.text.slice(span.start, span.end);
  });
  return { ...made, lines };
}

it("a program is what was sent, fences and all", () => {
  const program = "x = '```python'\nprint(x)\n";
  expect(sent({ program })).toMatchObject({ code: program, lines: ["x = '```python'\n", "print(x)\n"] });
});

it("a reply's program is found in the reply", () => {
  const completion = "Sure 😀:\n```python\ndef add(a, b):\n    return a + b\n```\nDone.";
  const { code, lines, given } = sent({ completion });
  expect([code.trim(), given]).toEqual(["def add(a, b):\n    return a + b", 0]);
  expect(lines.map((line) => line?.trim())).toEqual(["def add(a, b):", "return a + b"]);
});

it("indented lines continue the starter code, whose own lines were not sent", () => {
  const completion = "\n    # both\n    return a + b\n";
  expect(sent({ completion })).toMatchObject({
    code: STARTER + completion,
    given: STARTER.length,
    lines: [null, "\n", "    # both\n", "    return a + b\n"],
  });
});

it("other lines are a program", () => {
  const completion = "def add(a, b):\n    return a + b\n";
  expect(sent({ completion })).toMatchObject({ code: completion, given: 0 });
});

it("lines that a reply quotes or indents are found one by one", () => {
  const completion = "As I said:\n\n> ```python\n> def add(a, b):\n>\n>     return a + b\n> ```\n";
  const { code, lines } = sent({ completion });
  expect(code).toContain("return a + b");
  expect(lines.filter((line) => line?.includes("def add") === true)).toHaveLength(1);
  expect(lines.filter((line) => line?.includes("return a + b") === true)).toHaveLength(1);
});

it("a reply without a program has none, and no place", () => {
  const { code, place } = sent({ completion: "I cannot say.\n```\n```\n" });
  expect(code).toBe("");
  expect(place(0, 0)).toBeNull();
});
