import { z } from "zod";
import { expectedOf, valueAt } from "../core/expected.ts";
import type { Problem, ProblemKind } from "../core/problem.ts";
import { describe, type JsonObject } from "./text/json-text.ts";
import { recordError, type RawRecord } from "./text/raw-record.ts";

/** One way to write a problem down. */
export interface ProblemForm {
  readonly name: string;
  /** The fields that make it recognisable, for messages. */
  readonly shape: string;
  readonly recognise: (record: JsonObject) => boolean;
  /** Throws FunprmError("input") when a field of a recognised record is not what it must be. */
  readonly parse: (record: JsonObject, context: ParseContext) => Problem;
}

interface ParseContext {
  readonly record: RawRecord;
  /** `drop` leaves out hidden tests and the reference, which nothing but a grader needs and which can be megabytes. */
  readonly tests: "keep" | "drop";
}

/** Checks a record against a schema. Throws FunprmError("input") naming file, line and field. */
export function checked<T>(schema: z.ZodType<T>, record: unknown, raw: RawRecord, what: string): T {
  const result = schema.safeParse(record);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const field = path.length === 0 ? "" : ` field "${path.map(String).join(".")}":`;
  const expected = issue === undefined ? "another value" : expectedOf(issue);
  const came = describe(valueAt(record, path));
  throw recordError(raw, `${what}:${field} expected ${expected}, got ${came}. Correct the field.`);
}

const NO_ID = "expected an id (text that is not empty)";

/** An id: text that is not empty, or a whole number. */
export const Id = z.union([z.string().trim().min(1, NO_ID), z.int().transform(String)], { error: NO_ID });

/** A field that may be absent or null; both are undefined afterwards. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

export const Text = optional(z.string());

export interface ProgramShape {
  readonly kind: ProblemKind;
  readonly entryPoint?: string;
}

/**
 * How a program is called, from the starter code and the entry point given: a class in either makes a method, a
 * function in either a function, neither a program on stdin. A missing entry point comes from the starter code.
 */
export function programShape(starterCode: string, given?: string): ProgramShape {
  const className = /^class[ \t]+(\w+)/m.exec(starterCode)?.[1];
  if (given !== undefined && given !== "") {
    if (/[.(]/.test(given)) return { kind: "method", entryPoint: given };
    if (className === undefined) return { kind: "function", entryPoint: given };
    return { kind: "method", entryPoint: given === className ? given : `${className}().${given}` };
  }
  if (className !== undefined) {
    const methods = [...starterCode.matchAll(/^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)/gm)].map(
      (match) => match[1],
    );
    const only = methods.length === 1 && methods[0] !== "__init__" ? methods[0] : undefined;
    return { kind: "method", entryPoint: only === undefined ? className : `${className}().${only}` };
  }
  const name = /^(?:async[ \t]+)?def[ \t]+(\w+)/m.exec(starterCode)?.[1];
  return name === undefined ? { kind: "stdin" } : { kind: "function", entryPoint: name };
}

/** The entries that are there, as facts for grouping. */
export function facts(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** The value if it is text, else nothing: for looking at a field before it is checked. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
