import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { testsKey } from "../../src/grade/tests-key.ts";

const problem: Problem = {
  id: "p",
  statement: "Double n.",
  kind: "function",
  starterCode: "",
  entryPoint: "double",
  exampleTests: [],
  hiddenTests: { form: "list", tests: [{ type: "call", args: [2], expected: 4 }] },
  meta: {},
};

describe("verdicts of a problem that changed", () => {
  it.each<[string, Partial<Problem>]>([
    ["the tests call another function", { entryPoint: "twice" }],
    ["the tests call nothing by name", { entryPoint: "" }],
    ["other code comes before the program", { starterCode: "import math\n" }],
    ["other imports come before the program", { preamble: "import math\n" }],
    ["other tests", { hiddenTests: { form: "list", tests: [{ type: "call", args: [2], expected: 5 }] } }],
  ])("are not taken: %s", (_, change) => {
    expect(testsKey({ ...problem, ...change }, {})).not.toBe(testsKey(problem, {}));
  });

  it("are taken where only its wording did", () => {
    const reworded = { ...problem, statement: "Give 2 n.", title: "Twice", meta: { difficulty: "easy" } };
    expect(testsKey(reworded, {})).toBe(testsKey(problem, {}));
  });
});
