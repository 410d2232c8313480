import { z } from "zod";
import { checked, facts, Id, optional, Text, textOf, type ProblemForm } from "../problem-form.ts";

/** A task of BigCodeBench: `complete_prompt` and `instruct_prompt` upstream, `prompt` and `prompt_wo_doc` in v0.1. */
const BigCodeBenchTask = z
  .object({
    task_id: Id,
    entry_point: z.string().min(1),
    complete_prompt: Text,
    instruct_prompt: Text,
    prompt: Text,
    code_prompt: Text,
    prompt_wo_doc: Text,
    canonical_solution: Text,
    test: z.string().min(1),
    libs: optional(z.union([z.string(), z.array(z.string())])),
  })
  .refine((task) => (task.complete_prompt ?? task.instruct_prompt ?? task.prompt) !== undefined, {
    path: ["complete_prompt"],
    error: 'expected one of "complete_prompt", "instruct_prompt", "prompt"',
  });

export const bigcodebenchForm: ProblemForm = {
  name: "BigCodeBench task",
  shape:
    '{"task_id", "complete_prompt" or "prompt", "code_prompt", "test", "entry_point", "canonical_solution"}',
  recognise: (record) =>
    "task_id" in record &&
    "test" in record &&
    ("complete_prompt" in record ||
      "instruct_prompt" in record ||
      ("prompt" in record && /TestCase\b/.test(textOf(record["test"])))),
  parse(record, { record: raw, tests }) {
    const task = checked(BigCodeBenchTask, record, raw, "BigCodeBench task");
    const starterCode = task.complete_prompt ?? task.prompt ?? task.code_prompt ?? "";
    const signature = task.code_prompt ?? task.prompt_wo_doc;
    const keep = tests === "keep";
    return {
      id: task.task_id,
      title: task.task_id,
      statement: task.complete_prompt ?? task.prompt ?? task.instruct_prompt ?? "",
      kind: "function",
      starterCode,
      entryPoint: task.entry_point,
      exampleTests: [],
      ...(keep && {
        hiddenTests: {
          form: "list",
          tests: [{ type: "unittest", source: task.test, testClasses: ["TestCases"] }],
        },
      }),
      // Upstream's calibrated grading puts the signature, with an empty body, before every program.
      ...(signature !== undefined && { preamble: `${signature.trimEnd()}\n    pass\n` }),
      ...(keep &&
        task.canonical_solution !== undefined && { reference: starterCode + task.canonical_solution }),
      meta: facts({ suite: "bigcodebench", libs: task.libs }),
    };
  },
};
