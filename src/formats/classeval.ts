import { z } from "zod";
import type { TestCase } from "../core/problem.ts";
import { checked, facts, Id, optional, Text, type ProblemForm } from "./problem-form.ts";

/** A class of ClassEval: a skeleton to fill in, and a unittest class for each method and for the whole. */
const ClassEvalRecord = z.object({
  task_id: Id,
  skeleton: z.string().min(1),
  class_name: z.string().min(1),
  test: z.string().min(1),
  test_classes: z.array(z.string()).min(1),
  solution_code: Text,
  methods_info: optional(z.array(z.object({ method_name: z.string(), test_class: Text }))),
});

export const classevalForm: ProblemForm = {
  name: "ClassEval record",
  shape: '{"task_id", "skeleton", "class_name", "test", "test_classes", "solution_code", "methods_info"}',
  recognise: (record) => "skeleton" in record && "test_classes" in record,
  parse(record, { record: raw, tests }) {
    const fields = checked(ClassEvalRecord, record, raw, "ClassEval record");
    const keep = tests === "keep";
    const hidden = keep ? classTests(fields) : [];
    return {
      id: fields.task_id,
      title: fields.class_name,
      statement: fields.skeleton,
      kind: "method",
      starterCode: fields.skeleton,
      entryPoint: fields.class_name,
      exampleTests: [],
      ...(keep && { hiddenTests: { form: "list", tests: hidden } }),
      ...(keep && fields.solution_code !== undefined && { reference: fields.solution_code }),
      meta: facts({ suite: "classeval" }),
    };
  },
};

/** One test a unittest class, so that every method gets a verdict of its own; all share one source. */
function classTests(fields: z.infer<typeof ClassEvalRecord>): TestCase[] {
  return fields.test_classes.map((testClass) => {
    const method = fields.methods_info?.find((info) => info.test_class === testClass)?.method_name;
    return {
      type: "unittest",
      source: fields.test,
      testClasses: [testClass],
      ...(method !== undefined && { method }),
    };
  });
}
