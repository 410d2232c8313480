import { z } from "zod";
import type { TestCase } from "../core/problem.ts";
import { fieldTexts } from "./text/json-text.ts";
import { checked, facts, Id, optional, programShape, Text, type ProblemForm } from "./problem-form.ts";
import { parseTests } from "./tests.ts";

/**
 * funprm's own form of a problem, one object a line or a file:
 * {id, statement, title?, starter_code?, entry_point?, examples?, tests?, preamble?, reference?,
 *  suite?, platform?, difficulty?, date?, split?}; tests as in tests.ts.
 */
const PlainRecord = z.object({
  id: Id,
  statement: z.string().refine((text) => text.trim() !== "", "expected the problem's statement"),
  title: Text,
  starter_code: Text,
  entry_point: Text,
  examples: z.unknown().optional(),
  tests: z.unknown().optional(),
  preamble: Text,
  reference: Text,
  suite: Text,
  platform: Text,
  difficulty: optional(z.union([z.string(), z.number()])),
  date: Text,
  split: Text,
});

export const plainForm: ProblemForm = {
  name: "problem",
  shape: '{"id", "statement", "starter_code"?, "entry_point"?, "examples"?, "tests"?}',
  recognise: (record) => "statement" in record && "id" in record,
  parse(record, { record: raw, tests }) {
    const fields = checked(PlainRecord, record, raw, "problem");
    const shape = programShape(fields.starter_code ?? "", fields.entry_point);
    const texts = hasCalls(fields.examples, fields.tests) ? fieldTexts(raw.text) : undefined;
    const read = (field: "examples" | "tests"): TestCase[] =>
      parseTests(fields[field], texts?.get(field), shape.entryPoint, raw, field);
    const hidden = tests === "keep" ? read("tests") : [];
    return {
      id: fields.id,
      ...(fields.title !== undefined && { title: fields.title }),
      statement: fields.statement,
      ...shape,
      starterCode: fields.starter_code ?? "",
      exampleTests: read("examples"),
      ...(hidden.length > 0 && { hiddenTests: { form: "list", tests: hidden } }),
      ...(fields.preamble !== undefined && { preamble: fields.preamble }),
      ...(fields.reference !== undefined && tests === "keep" && { reference: fields.reference }),
      meta: facts({
        suite: fields.suite,
        platform: fields.platform,
        difficulty: fields.difficulty,
        date: fields.date,
        split: fields.split,
      }),
    };
  },
};

function hasCalls(...lists: unknown[]): boolean {
  return lists.some(
    (list) => Array.isArray(list) && list.some((test) => Object.hasOwn(Object(test), "args")),
  );
}
