import { z } from "zod";
import type { TestCase } from "../core/problem.ts";
import { describe, elementTexts, fieldTexts } from "./text/json-text.ts";
import { checked, optional } from "./problem-form.ts";
import { recordError, type RawRecord } from "./text/raw-record.ts";

/**
 * funprm's own form of tests: a list, in which each test is one of
 *   {"input": "3\n", "output": "6\n"}                    a run of a program on stdin
 *   {"args": [[1, 2], 3], "expected": 5}                 a call of the entry point
 *   {"check": "def check(candidate): ...", "entry_point"?: "f"}   Python that asserts
 *   {"unittest": "class T(unittest.TestCase): ...", "test_classes"?: ["T"], "method"?: "m"}
 * A single piece of Python in place of the list is a `check` or a `unittest` of its own.
 * `examples` holds the tests that the statement shows, `tests` the hidden ones.
 */
const TestRecord = z.union(
  [
    z.object({ input: z.string(), output: z.string() }),
    z.object({ args: z.array(z.unknown()), expected: z.unknown() }),
    z.object({ check: z.string().min(1), entry_point: optional(z.string()) }),
    z.object({
      unittest: z.string().min(1),
      test_classes: optional(z.array(z.string())),
      method: optional(z.string()),
    }),
  ],
  {
    error:
      'expected a test: {"input", "output"} as text, {"args": [..], "expected"}, {"check": python} or {"unittest": python}',
  },
);

/** `json` is the tests' own text, for numbers as they are written. Throws FunprmError("input"). */
export function parseTests(
  value: unknown,
  json: string | undefined,
  entryPoint: string | undefined,
  raw: RawRecord,
  field: string,
): TestCase[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return [sourceTest(value, entryPoint, raw, field)];
  if (!Array.isArray(value)) {
    throw recordError(
      raw,
      `field "${field}": expected a list of tests, got ${describe(value)}. Put it into [ ].`,
    );
  }
  const texts = json !== undefined && value.some(isCall) ? elementTexts(json) : [];
  return value.map((test, i) => parseTest(test, texts[i], entryPoint, raw, `field "${field}[${i}]"`));
}

function isCall(test: unknown): boolean {
  return typeof test === "object" && test !== null && "args" in test;
}

function parseTest(
  value: unknown,
  json: string | undefined,
  entryPoint: string | undefined,
  raw: RawRecord,
  where: string,
): TestCase {
  if (isCall(value) && typeof value === "object" && value !== null && !("expected" in value)) {
    throw recordError(
      raw,
      `${where}: expected "expected" with "args", got a test without it. Add it (null if None).`,
    );
  }
  const test = checked(TestRecord, value, raw, where);
  if ("input" in test) return { type: "stdio", input: test.input, output: test.output };
  if ("args" in test) {
    const texts = json === undefined ? new Map<string, string>() : fieldTexts(json);
    const argsJson = texts.get("args");
    const expectedJson = texts.get("expected");
    return {
      type: "call",
      args: test.args,
      expected: test.expected,
      ...(argsJson !== undefined && { argsJson }),
      ...(expectedJson !== undefined && { expectedJson }),
    };
  }
  if ("check" in test) return checkTest(test.check, test.entry_point ?? entryPoint, raw, where);
  return {
    type: "unittest",
    source: test.unittest,
    ...(test.test_classes !== undefined && { testClasses: test.test_classes }),
    ...(test.method !== undefined && { method: test.method }),
  };
}

/** Python alone: a `check` function or unittest classes, told apart by what it defines. */
export function sourceTest(
  source: string,
  entryPoint: string | undefined,
  raw: RawRecord,
  field: string,
): TestCase {
  if (/^class\s.*TestCase/m.test(source)) return { type: "unittest", source };
  if (/^def check\(/m.test(source)) return checkTest(source, entryPoint, raw, `field "${field}"`);
  throw recordError(
    raw,
    `field "${field}": expected a list of tests, or Python that defines check(candidate) or unittest classes, ` +
      `got ${describe(source)}. Correct the field.`,
  );
}

function checkTest(source: string, entryPoint: string | undefined, raw: RawRecord, where: string): TestCase {
  if (entryPoint === undefined) {
    throw recordError(raw, `${where}: expected an "entry_point" for check(candidate), got none. Add it.`);
  }
  return { type: "check", source, entryPoint };
}
