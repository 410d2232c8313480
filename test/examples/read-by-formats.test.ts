import { describe, expect, it } from "vitest";
import { readCandidates } from "../../src/formats/candidates.ts";
import { decodeTests } from "../../src/formats/hidden-tests.ts";
import { readProblems } from "../../src/formats/problems.ts";
import { loadPrompts } from "../../src/prompt/load.ts";
import { renderPrompt } from "../../src/prompt/render.ts";
import { EXAMPLES_FOLDER, readExamples } from "./example-files.ts";

describe.each(readExamples())(
  "examples/$name by the project's own readers",
  ({ name, problem, candidates }) => {
    const kind =
      problem.entry_point === undefined
        ? "stdin"
        : /\(\)\./.test(problem.entry_point)
          ? "method"
          : "function";

    it("is one problem with all its tests, and has a prompt of its kind", async () => {
      const problems = await all(readProblems(`${EXAMPLES_FOLDER}${name}/problem.json`));
      expect(problems).toMatchObject([{ id: problem.id, kind, statement: problem.statement }]);
      for (const read of problems) {
        const { examples, hidden } = await decodeTests(read);
        expect(examples).toHaveLength(problem.examples.length);
        expect(hidden).toHaveLength(problem.tests.length);
        const prompt = renderPrompt(read, await loadPrompts());
        expect(prompt.name).toBe(kind);
        expect(prompt.messages.at(-1)?.content).toContain(problem.statement);
      }
    });

    it("has eight candidates with recorded verdicts", async () => {
      const read = await all(readCandidates([`${EXAMPLES_FOLDER}${name}/candidates.jsonl`]));
      expect(
        read.map(({ problemId, sampleIndex, code, passed }) => [problemId, sampleIndex, code, passed]),
      ).toEqual(candidates.map((each) => [each.problem_id, each.sample_index, each.code, each.passed]));
    });
  },
);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
