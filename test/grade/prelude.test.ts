/** Under which imports programs run: what chooses among them sees what their graders see. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { readProblems } from "../../src/formats/problems.ts";
import { examplePrelude, gradingPrelude } from "../../src/grade/prelude.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-prelude-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(record: object, tests: "keep" | "drop" = "keep"): Promise<Problem> {
  const path = join(folder, "problem.jsonl");
  await writeFile(path, JSON.stringify(record));
  for await (const problem of readProblems(path, { tests })) return problem;
  throw new Error("no problem was read");
}

const livecodebench = {
  question_id: "1",
  question_content: "Print the smallest.",
  public_test_cases: '[{"input": "3 1", "output": "1"}]',
};

test.each(["keep", "drop"] as const)("a LiveCodeBench program has its imports, tests %s", async (tests) => {
  const hidden = { private_test_cases: '[{"input": "2 5", "output": "2"}]' };
  for (const record of [livecodebench, { ...livecodebench, ...hidden }]) {
    const problem = await read(record, tests);
    expect(problem.kind).toBe("stdin");
    expect(gradingPrelude(problem)).toContain("import heapq");
    expect(examplePrelude(problem)).toBe(gradingPrelude(problem));
  }
});

test("other programs on stdin have none", async () => {
  const problem = await read({
    id: "1",
    statement: "Print the smallest.",
    examples: [{ input: "3 1", output: "1" }],
  });
  expect([gradingPrelude(problem), examplePrelude(problem)]).toEqual(["", ""]);
});

test("a method has the imports of its judge in examples and tests; a whole class brings its own", async () => {
  const starter_code = "class Solution:\n    def f(self, a: List[int]) -> int:\n        ";
  const called = { id: "1", statement: "Smallest.", starter_code, tests: [{ args: [[3, 1]], expected: 1 }] };
  const problem = await read(called);
  expect(gradingPrelude(problem)).toContain("from typing import *");
  expect(examplePrelude(problem)).toBe(gradingPrelude(problem));
  const whole = await read({
    id: "1",
    statement: "A counter.",
    starter_code: "class Counter:\n",
    entry_point: "Counter",
  });
  expect([gradingPrelude(whole), examplePrelude(whole)]).toEqual(["", ""]);
});
