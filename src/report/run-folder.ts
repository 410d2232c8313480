/** The folder that a bench leaves behind, finished or not: `results.json`, `problems.jsonl`. */
import { jsonOrUndefined } from "../core/json.ts";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { expectedOf, pathOf, valueAt } from "../core/expected.ts";
import { FunprmError } from "../core/errors.ts";
import { readOwnFile, refuseIrregular } from "../files/small-file.ts";
import { describe } from "../formats/text/json-text.ts";
import { splitLines } from "../formats/text/lines.ts";
import type { ProblemReport, ReportData } from "../bench/results/report-data.ts";
import { problemReportSchema, reportDataSchema } from "../bench/results/run-schema.ts";

const RESULTS_FILE = "results.json";
const PROBLEMS_FILE = "problems.jsonl";

const WHAT_A_RUN_IS = `a folder that \`funprm bench --out\` wrote, with ${RESULTS_FILE} or ${PROBLEMS_FILE}`;

/**
 * The run's figures; undefined where the bench has not come to them yet.
 *
 * @throws FunprmError `input` when there is no folder or its figures are not readable
 */
export async function readResults(folder: string): Promise<ReportData | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    const got = found === undefined ? "there is nothing" : "it is a file";
    throw new FunprmError("input", `${folder}: expected ${WHAT_A_RUN_IS}; ${got}.`);
  }
  const path = join(folder, RESULTS_FILE);
  const text = await readOwnFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new FunprmError("input", `${path}: cannot be read: ${error.message}`, { cause: error });
  });
  if (text !== undefined) return parseRecord(text, path, reportDataSchema);
  return undefined;
}

/** @throws FunprmError `input` when the folder has no problems either */
export async function refuseWithoutProblems(folder: string): Promise<void> {
  const problems = await stat(join(folder, PROBLEMS_FILE)).catch(() => undefined);
  if (problems === undefined)
    throw new FunprmError("input", `${folder}: expected ${WHAT_A_RUN_IS}; it has neither.`);
}

/**
 * The run's problems in their order, one in memory at a time. A last line that was cut off, as a killed bench leaves
 * it, is left out; `onTorn` is told. Without the file there are none.
 *
 * @throws FunprmError `input` naming the line that is no problem
 */
export async function* readProblemReports(
  folder: string,
  onTorn: () => void = () => {},
): AsyncGenerator<ProblemReport> {
  const path = join(folder, PROBLEMS_FILE);
  const { wholeBytes, tail } = await tornTail(path);
  let lines = 0;
  if (wholeBytes > 0) {
    const bytes: AsyncIterable<Buffer> = createReadStream(path, { end: wholeBytes - 1 });
    for await (const line of splitLines(bytes, path, { line: 1 })) {
      lines = line.number;
      yield parseRecord(line.text, `${path}:${line.number}`, problemReportSchema);
    }
  }
  if (tail === "") return;
  if (jsonOrUndefined(tail) !== undefined)
    yield parseRecord(tail, `${path}:${lines + 1}`, problemReportSchema);
  else onTorn();
}

const BLOCK_BYTES = 65_536;
const LF = 0x0a;

/** Where the last whole line ends, and the text behind it. */
async function tornTail(path: string): Promise<{ wholeBytes: number; tail: string }> {
  let file: FileHandle;
  try {
    await refuseIrregular(path);
    file = await open(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { wholeBytes: 0, tail: "" };
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunprmError("input", `${path}: cannot be read: ${reason}`, { cause: error });
  }
  try {
    const { size } = await file.stat();
    const blocks: Buffer[] = [];
    let start = size;
    while (start > 0) {
      const length = Math.min(BLOCK_BYTES, start);
      start -= length;
      const block = Buffer.alloc(length);
      await file.read(block, 0, length, start);
      const end = block.lastIndexOf(LF) + 1;
      blocks.unshift(end === 0 ? block : block.subarray(end));
      if (end > 0) return { wholeBytes: start + end, tail: Buffer.concat(blocks).toString() };
    }
    return { wholeBytes: 0, tail: Buffer.concat(blocks).toString() };
  } finally {
    await file.close();
  }
}

function parseRecord<T>(text: string, place: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunprmError("input", `${place}: expected JSON: ${reason}. Run the bench again; it resumes.`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : pathOf(issue);
  const expected = issue === undefined ? "another value" : expectedOf(issue);
  throw new FunprmError(
    "input",
    `${place}: not as this version of funprm writes it: ${where === "" ? "" : `${where}: `}expected ${expected}, got ` +
      `${describe(valueAt(value, issue?.path ?? []))}. Render it with the version that ran the bench.`,
  );
}
