import { z } from "zod";
import type { TestCase } from "../../core/problem.ts";
import { checked, facts, Id, optional, Text, type ProblemForm } from "../problem-form.ts";

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

type Fields = z.infer<typeof ClassEvalRecord>;

/** One test a unittest class, so that every method gets a verdict of its own; all share one source. */
function classTests(fields: Fields): TestCase[] {
  const methods = methodsByTestClass(fields);
  const withTests = fields.test_classes.filter((testClass) => holdsTests(fields.test, testClass));
  return withTests.map((testClass) => {
    const method = methods.get(testClass);
    return {
      type: "unittest",
      source: fields.test,
      testClasses: [testClass],
      ...(method !== undefined && { method }),
    };
  });
}

/**
 * Which method each test class stands for. In two of ClassEval's classes (60, 69) `methods_info` is shifted by one against the test
 * classes, so a class that is named after a method belongs to that one, and what the record says counts for the others.
 */
function methodsByTestClass({ test_classes, methods_info = [] }: Fields): ReadonlyMap<string, string> {
  const stated = new Map(methods_info.map(({ test_class, method_name }) => [test_class, method_name]));
  const found = new Map<string, string>();
  for (const testClass of test_classes) {
    const named = methods_info.filter((info) => isNamedAfter(testClass, info.method_name));
    const method = named.find(({ test_class }) => test_class === testClass) ?? named[0];
    if (method !== undefined) found.set(testClass, method.method_name);
  }
  const settled = new Set(found.values());
  for (const [testClass, method] of stated) {
    if (testClass !== undefined && !found.has(testClass) && !settled.has(method))
      found.set(testClass, method);
  }
  return found;
}

/** `MovieTicketDBTestInsertTicket` is named after `insert_ticket`. */
function isNamedAfter(testClass: string, method: string): boolean {
  return testClass.toLowerCase().endsWith(`test${method.replaceAll("_", "").toLowerCase()}`);
}

/** false for a class that only prepares what others use. */
function holdsTests(source: string, testClass: string): boolean {
  const header = new RegExp(`^class ${testClass}\\b.*\n`, "m").exec(source);
  if (header === null) return true; // the grader says that it is missing
  const [body = ""] = source.slice(header.index + header[0].length).split(/^\S/m, 1);
  return /^\s+(?:async )?def test/m.test(body);
}
