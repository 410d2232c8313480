import { basename } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { bigcodebenchForm } from "./suites/bigcodebench.ts";
import { sourceName, type Source } from "./text/bytes.ts";
import { classevalForm } from "./suites/classeval.ts";
import { evalplusForm } from "./suites/evalplus.ts";
import { fieldNames, parseObject } from "./text/json-text.ts";
import { leetcodeForm } from "./suites/leetcode.ts";
import type { LineOptions } from "./text/lines.ts";
import { livecodebenchForm } from "./suites/livecodebench.ts";
import { parseMarkdown } from "./markdown.ts";
import { plainForm } from "./plain.ts";
import type { ProblemForm } from "./problem-form.ts";
import { ProblemMap } from "./problem-map.ts";
import { readRecords } from "./text/json-records.ts";
import { readText } from "./text/whole-text.ts";
import { recordError, type RawRecord } from "./text/raw-record.ts";

/** Tried in this order; the first that recognises a record reads it. */
const PROBLEM_FORMS: readonly ProblemForm[] = [
  livecodebenchForm,
  classevalForm,
  evalplusForm,
  bigcodebenchForm,
  leetcodeForm,
  plainForm,
];

export interface ProblemOptions extends LineOptions {
  /** `drop` (default: `keep`) leaves hidden tests and references out, for everything but grading. */
  readonly tests?: "keep" | "drop";
}

/**
 * The problems of a file or stream, one in memory at a time: JSON Lines, a JSON list or object, or a Markdown file
 * (by its name, .md), gzipped or not, each record in any form of PROBLEM_FORMS.
 * Throws FunprmError("input") naming file and line: unreadable, a record of no known form, an id that comes twice.
 */
export async function* readProblems(source: Source, options: ProblemOptions = {}): AsyncGenerator<Problem> {
  if (isMarkdown(source)) {
    yield await readMarkdown(source);
    return;
  }
  const lineOf = new Map<string, number>();
  for await (const record of readRecords(source, options)) {
    const problem = parseProblem(record, options.tests ?? "keep");
    refuseSecond(lineOf, problem.id, record);
    yield problem;
  }
}

/** All problems of a file by id, hidden tests dropped; other spellings of an id find it too (IdMap). */
export async function readStatements(source: Source): Promise<ProblemMap> {
  const problems = new ProblemMap();
  for await (const problem of readProblems(source, { tests: "drop" })) problems.addProblem(problem);
  return problems;
}

/** One record as a problem. Throws FunprmError("input") naming the forms when it has none of them. */
export function parseProblem(record: RawRecord, tests: "keep" | "drop"): Problem {
  const fields = parseObject(record.text, `${record.file}:${record.line}`, { python: true });
  const form = PROBLEM_FORMS.find((candidate) => candidate.recognise(fields));
  if (form !== undefined) return form.parse(fields, { record, tests });
  const looksLike = ["code", "solution", "completion", "code_list", "samples"].some((key) => key in fields)
    ? " It looks like a candidate: give candidates apart from problems."
    : "";
  throw recordError(
    record,
    `expected a problem, got an object with ${fieldNames(fields)}.${looksLike} Expected one of:\n` +
      PROBLEM_FORMS.map((known) => `  ${known.name}: ${known.shape}`).join("\n"),
  );
}

/** Remembers where an id stood. Throws FunprmError("input") naming both places when it comes again. */
export function refuseSecond(lineOf: Map<string, number>, id: string, record: RawRecord): void {
  const first = lineOf.get(id);
  if (first !== undefined) {
    throw recordError(
      record,
      `expected every problem once, got id ${JSON.stringify(id)} again (first on line ${first}). Remove or rename one.`,
    );
  }
  lineOf.set(id, record.line);
}

export function isMarkdown(source: Source): source is string {
  return typeof source === "string" && /\.(md|markdown)(\.gz)?$/i.test(source);
}

/** The problem in a Markdown file; its id is the file's name without endings. */
export async function readMarkdown(path: string): Promise<Problem> {
  const name = sourceName(path);
  const text = await readText(path);
  const problem = parseMarkdown(text, basename(path).replace(/\.(md|markdown)(\.gz)?$/i, ""));
  if (problem.statement === "") {
    throw new FunprmError("input", `${name}:1: expected the problem's statement, got an empty text.`);
  }
  return problem;
}
