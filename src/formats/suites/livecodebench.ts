import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import type { TestCase } from "../../core/problem.ts";
import { describe, isObject, parseJson } from "../text/json-text.ts";
import { LIVECODEBENCH_PRELUDE } from "./livecodebench-prelude.ts";
import { checked, facts, Id, optional, programShape, Text, type ProblemForm } from "../problem-form.ts";
import { recordError, type RawRecord } from "../text/raw-record.ts";

/**
 * A record of the LiveCodeBench release files. Both test fields are JSON strings of `{input, output, testtype}`;
 * the private one may be packed (hidden-tests.ts). `metadata.func_name` makes a problem call-based.
 */
const LiveCodeBenchRecord = z.object({
  question_id: Id,
  question_title: Text,
  question_content: z.string(),
  platform: Text,
  contest_id: Text,
  contest_date: Text,
  starter_code: Text,
  difficulty: Text,
  public_test_cases: optional(z.union([z.string(), z.array(z.unknown())])),
  private_test_cases: optional(z.union([z.string(), z.array(z.unknown())])),
  // eval_all.json records are the same with a list of grading notes in this place.
  metadata: z.unknown().optional(),
});

export const livecodebenchForm: ProblemForm = {
  name: "LiveCodeBench record",
  shape:
    '{"question_id", "question_content", "starter_code", "public_test_cases", "private_test_cases", "metadata"}',
  recognise: (record) => "question_id" in record && "question_content" in record,
  parse(record, { record: raw, tests }) {
    const fields = checked(LiveCodeBenchRecord, record, raw, "LiveCodeBench record");
    const starterCode = fields.starter_code ?? "";
    const shape = programShape(starterCode, functionName(fields.metadata, raw));
    const hidden = asText(fields.private_test_cases);
    return {
      id: fields.question_id,
      ...(fields.question_title !== undefined && { title: fields.question_title }),
      statement: fields.question_content,
      ...shape,
      starterCode,
      exampleTests: parseLiveCodeBenchTests(
        asText(fields.public_test_cases) ?? "[]",
        shape.kind !== "stdin",
        `${raw.file}:${raw.line}: field "public_test_cases"`,
      ),
      preamble: LIVECODEBENCH_PRELUDE,
      ...(tests === "keep" &&
        hidden !== undefined && { hiddenTests: { form: "livecodebench", data: hidden } }),
      meta: facts({
        suite: "livecodebench",
        platform: fields.platform,
        difficulty: fields.difficulty,
        date: fields.contest_date,
        contest: fields.contest_id,
      }),
    };
  },
};

function asText(tests: string | unknown[] | null | undefined): string | undefined {
  return tests === undefined ? undefined : typeof tests === "string" ? tests : JSON.stringify(tests);
}

function functionName(metadata: unknown, raw: RawRecord): string | undefined {
  const place = `${raw.file}:${raw.line}: field "metadata"`;
  const value =
    typeof metadata === "string" && metadata.trim() !== "" ? parseJson(metadata, place) : metadata;
  const name = isObject(value) ? value["func_name"] : undefined;
  if (name === undefined || name === null) return undefined;
  if (typeof name === "string") return name;
  throw recordError(
    raw,
    `field "metadata.func_name": expected text, got ${describe(name)}. Correct the field.`,
  );
}

const LiveCodeBenchTest = z.object({ input: z.string(), output: z.string() });

/**
 * The tests in a LiveCodeBench JSON string. In a call-based problem each line of an input is one argument in JSON and
 * the output is the result in JSON. Throws FunprmError("input") beginning with `place`.
 */
export function parseLiveCodeBenchTests(json: string, callBased: boolean, place: string): TestCase[] {
  const list = parseJson(json, place);
  const expected = 'expected a JSON list of {"input", "output"} as text';
  const tests = z.array(LiveCodeBenchTest).safeParse(list);
  if (!tests.success) {
    const index = tests.error.issues[0]?.path[0];
    const came = Array.isArray(list) && typeof index === "number" ? list[index] : list;
    const where = index === undefined ? place : `${place}[${String(index)}]`;
    throw new FunprmError("input", `${where}: ${expected}, got ${describe(came)}. Correct the field.`);
  }
  return tests.data.map(({ input, output }, i) =>
    callBased ? callTest(input, output, `${place}[${i}]`) : { type: "stdio", input, output },
  );
}

function callTest(input: string, output: string, place: string): TestCase {
  const argsJson = `[${input
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join(",")}]`;
  const args = parseJson(argsJson, `${place}.input`, { python: true });
  const expectedJson = output.trim();
  const expected = parseJson(expectedJson, `${place}.output`, { python: true });
  return { type: "call", args: Array.isArray(args) ? args : [args], expected, argsJson, expectedJson };
}
