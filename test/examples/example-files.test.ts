import { describe, expect, it } from "vitest";
import { readOutlines } from "../python-outline.ts";
import { readExamples, type ExampleTest } from "./example-files.ts";

const examples = readExamples();

describe("examples/", () => {
  it("has four stdin problems, two of methods and two of signatures, of all difficulties", () => {
    const kinds = examples.map(({ problem }) => {
      if (problem.entry_point === undefined) return "stdin";
      return problem.starter_code?.includes("class Solution") === true ? "method" : "function";
    });
    expect(kinds.sort()).toEqual([
      "function",
      "function",
      "method",
      "method",
      "stdin",
      "stdin",
      "stdin",
      "stdin",
    ]);
    expect(new Set(examples.map(({ problem }) => problem.difficulty))).toEqual(
      new Set(["easy", "medium", "hard"]),
    );
    expect(examples.map(({ name }) => name)).toContain("interval-merge");
  });
});

describe.each(examples)("examples/$name", ({ name, bytes, problem, candidates }) => {
  it("is small, has enough tests, and tests of its own kind only", () => {
    expect(problem.id).toBe(`examples/${name}`);
    expect(bytes).toBeLessThan(200_000);
    expect(problem.tests.length).toBeGreaterThanOrEqual(8);
    expect(problem.tests.length).toBeLessThanOrEqual(20);
    const isStdin = problem.entry_point === undefined;
    for (const test of [...problem.examples, ...problem.tests]) expect("input" in test).toBe(isStdin);
  });

  it("shows its example tests in the statement", () => {
    expect(problem.examples.length).toBeGreaterThan(0);
    for (const test of problem.examples) expect(problem.statement).toContain(shown(test));
  });

  it("has eight different candidates, half of them wrong, each wrong one with its fault", () => {
    expect(candidates.map((candidate) => candidate.sample_index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(candidates.every((candidate) => candidate.problem_id === problem.id)).toBe(true);
    expect(new Set(candidates.map(({ code }) => code)).size).toBe(8);
    expect(candidates.filter(({ passed }) => passed)).toHaveLength(4);
    for (const { passed, why } of candidates) expect(why === undefined).toBe(passed);
  });

  it("has candidates in Chain-of-Function form", () => {
    const first = problem.entry_point?.replace("Solution().", "") ?? "main";
    for (const { functions, after } of readOutlines(candidates.map(({ code }) => code))) {
      expect(functions.length).toBeGreaterThanOrEqual(2);
      expect(functions.filter(({ nested }) => nested)).toEqual([]);
      expect(functions.filter(({ docstring }) => docstring.length < 20)).toEqual([]);
      expect(functions[0]?.name).toBe(first);
      expect(after).toEqual(problem.entry_point === undefined ? ["main()"] : []);
    }
  });
});

const called = examples.filter(({ problem }) => problem.entry_point !== undefined);

it.each(called)("the candidates of examples/$name keep the given signature", ({ problem, candidates }) => {
  const [given] = readOutlines([`${problem.starter_code?.trimEnd()}\n        pass\n`]);
  for (const { functions } of readOutlines(candidates.map(({ code }) => code))) {
    expect(functions[0]?.signature).toBe(given?.functions[0]?.signature);
  }
});

/** How a statement shows a test. */
function shown(test: ExampleTest): string {
  if ("input" in test) {
    return `Input:\n\`\`\`\n${test.input}\`\`\`\nOutput:\n\`\`\`\n${test.output.trimEnd()}\n\`\`\``;
  }
  return `(${test.args.map(pythonText).join(", ")}) -> ${pythonText(test.expected)}\n`;
}

/** JSON with the blanks of a Python list of numbers. */
function pythonText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value);
}
