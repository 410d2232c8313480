import { jsonOrUndefined } from "../core/json.ts";
import type { Problem } from "../core/problem.ts";
import { bigcodebenchForm } from "./suites/bigcodebench.ts";
import { readBytes, sourceName, type Source } from "./text/bytes.ts";
import { classevalForm } from "./suites/classeval.ts";
import { evalplusForm } from "./suites/evalplus.ts";
import { fieldNames, isObject, parseObject } from "./text/json-text.ts";
import { leetcodeForm } from "./suites/leetcode.ts";
import type { LineOptions } from "./text/lines.ts";
import { livecodebenchForm } from "./suites/livecodebench.ts";
import { plainForm } from "./plain.ts";
import type { ProblemForm } from "./problem-form.ts";
import { ProblemMap } from "./problem-map.ts";
import { recordsOf } from "./text/json-records.ts";
import { beginning, isNamedAsText, isNameless, readStated } from "./stated.ts";
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
 * The problems of a file or stream, one in memory at a time: JSON Lines, a JSON list or object, or the text of one
 * statement (a file by its name, .md or .txt; stdin when it does not begin as JSON does), gzipped or not, each record in
 * any form of PROBLEM_FORMS.
 * Throws FunprmError("input") naming file and line: unreadable, a record of no known form, an id that comes twice.
 */
export async function* readProblems(source: Source, options: ProblemOptions = {}): AsyncGenerator<Problem> {
  const file = options.name ?? sourceName(source);
  const at = { line: 1 };
  const opened = await openProblems(source, () => `${file}:${at.line}`);
  if ("stated" in opened) {
    yield opened.stated;
    return;
  }
  const lineOf = new Map<string, number>();
  for await (const record of recordsOf(opened.bytes, file, at, options.maxLineBytes)) {
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

/** The one problem of a text, or the bytes of records. Throws what `readProblems` throws. */
export async function openProblems(
  source: Source,
  place: () => string,
): Promise<{ readonly stated: Problem } | { readonly bytes: AsyncGenerator<Buffer> }> {
  const bytes = readBytes(source, place);
  if (isNamedAsText(source)) return { stated: await readStated(source, bytes, isProblemRecord) };
  if (!isNameless(source)) return { bytes };
  const begun = await beginning(bytes);
  if (begun.isText) return { stated: await readStated(source, begun.bytes, isProblemRecord) };
  return { bytes: begun.bytes };
}

function isProblemRecord(text: string): boolean {
  const value = jsonOrUndefined(text);
  return isObject(value) && PROBLEM_FORMS.some((form) => form.recognise(value));
}
