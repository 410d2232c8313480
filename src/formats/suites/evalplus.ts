import { z } from "zod";
import type { HiddenTests } from "../../core/problem.ts";
import { fieldTexts } from "../text/json-text.ts";
import { checked, facts, Id, optional, Text, textOf, type ProblemForm } from "../problem-form.ts";
import { sourceTest } from "../tests.ts";

/** A task of EvalPlus (HumanEval+, MBPP+), or of the original HumanEval, which has `test` only. */
const EvalPlusTask = z.object({
  task_id: Id,
  prompt: z.string(),
  entry_point: z.string().min(1),
  canonical_solution: Text,
  base_input: z.unknown().optional(),
  plus_input: z.unknown().optional(),
  atol: optional(z.number().nonnegative()),
  test: Text,
});

/**
 * The prompt is statement and starter code in one: completions continue it. MBPP+ inputs are JSON of what was a
 * tuple or a set for some tasks; bringing that back is the grader's business, which knows the tasks.
 */
export const evalplusForm: ProblemForm = {
  name: "EvalPlus task",
  shape: '{"task_id", "prompt", "entry_point", "canonical_solution", "base_input", "plus_input", "atol"}',
  recognise: (record) =>
    "task_id" in record &&
    "prompt" in record &&
    "entry_point" in record &&
    ("base_input" in record || "plus_input" in record || /^def check\(/m.test(textOf(record["test"]))),
  parse(record, { record: raw, tests }) {
    const task = checked(EvalPlusTask, record, raw, "EvalPlus task");
    const reference =
      task.canonical_solution === undefined ? undefined : task.prompt + task.canonical_solution;
    const keep = tests === "keep";
    const texts = keep && task.base_input !== undefined ? fieldTexts(raw.text) : undefined;
    const baseInput = texts?.get("base_input");
    let hiddenTests: HiddenTests | undefined;
    if (baseInput !== undefined && reference !== undefined) {
      // One task of MBPP+ (793) writes its empty list as {}.
      const plusInput = (texts?.get("plus_input") ?? "[]").replace(/^\{\s*\}$/, "[]");
      hiddenTests = { form: "evalplus", baseInput, plusInput, reference, atol: task.atol ?? 0 };
    } else if (keep && task.test !== undefined) {
      hiddenTests = { form: "list", tests: [sourceTest(task.test, task.entry_point, raw, "test")] };
    }
    return {
      id: task.task_id,
      title: task.entry_point,
      statement: task.prompt,
      kind: "function",
      starterCode: task.prompt,
      entryPoint: task.entry_point,
      exampleTests: [],
      ...(hiddenTests !== undefined && { hiddenTests }),
      ...(keep && reference !== undefined && { reference }),
      meta: facts({ suite: suiteOf(task.task_id) }),
    };
  },
};

/** `humaneval` for `HumanEval/0`; absent for an id without a suite. */
function suiteOf(taskId: string): string | undefined {
  const slash = taskId.indexOf("/");
  return slash > 0 ? taskId.slice(0, slash).toLowerCase() : undefined;
}
