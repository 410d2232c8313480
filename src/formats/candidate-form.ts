import { z } from "zod";
import type { Candidate } from "../core/candidate.ts";
import type { FunprmError } from "../core/errors.ts";
import { extractCode, looksLikeReply } from "../reply/extract.ts";
import { describe, fieldNames, type JsonObject } from "./text/json-text.ts";
import { checked, Id, optional } from "./problem-form.ts";
import { recordError, type RawRecord } from "./text/raw-record.ts";
import { MAX_TEXT_BYTES } from "./text/whole-text.ts";

/** A candidate and where it was read. */
export interface ReadCandidate extends Candidate {
  readonly file: string;
  readonly line: number;
}

export interface CandidateOptions {
  /** The problem of records that name none, and of .py files outside of a problem's folder. */
  readonly problemId?: string;
  /** What a `completion` continues: the problem's starter code. Without it a completion is an error. */
  readonly promptOf?: (problemId: string) => string | undefined;
  /** The name that the program must define; helps to choose between code blocks of a reply. */
  readonly entryPointOf?: (problemId: string) => string | undefined;
  /** The problem of a `{prompt, samples}` record, which names none. */
  readonly idOfPrompt?: (prompt: string) => string | undefined;
  /** Told once, at the first candidate whose problem, model and sample index another one has. */
  readonly onDuplicate?: (message: string) => void;
}

/** A candidate whose sample index may not be known yet. */
export type Draft = Omit<Candidate, "sampleIndex"> & { readonly sampleIndex?: number };

const EXPECTED = `Expected one of:
  {"problem_id", "code", "sample_index"?, "model"?, "passed"?}
  {"problem_id", "reply" or "content" or "response": text with the program in a code fence}
  EvalPlus, BigCodeBench: {"task_id", "solution" or "completion"}
  LiveCodeBench: {"question_id", "code_list", "graded_list"?}, also as a list (eval_all.json)
  HumanEval samples: {"prompt", "samples"}`;

const PROGRAM_FIELDS = ["code", "solution", "completion", "reply", "content", "response"] as const;
const ID_FIELDS = ["problem_id", "task_id", "question_id"] as const;

const Single = z.object({
  sample_index: optional(z.int().nonnegative()),
  model: optional(z.string()),
  passed: optional(z.boolean()),
  warnings: optional(z.array(z.string())),
  reply: optional(z.string()),
});

/** The candidates in one record, in order. Throws FunprmError("input") naming file, line and the forms known. */
export function parseCandidates(record: JsonObject, raw: RawRecord, options: CandidateOptions): Draft[] {
  refuseLong(record, raw);
  if ("code_list" in record || "output_list" in record) return parseLists(record, raw, options);
  if ("samples" in record) return parseSamples(record, raw, options);
  const field = PROGRAM_FIELDS.find((name) => name in record);
  if (field === undefined) throw unknownForm(record, raw);
  return [parseSingle(record, field, raw, options)];
}

/** Before anything looks into a text: the time that takes grows with its length. */
function refuseLong(record: JsonObject, raw: RawRecord): void {
  for (const field of [...PROGRAM_FIELDS, "code_list", "output_list", "samples"]) {
    const texts = [record[field]].flat();
    if (!texts.some((text) => typeof text === "string" && text.length > MAX_TEXT_BYTES)) continue;
    throw recordError(
      raw,
      `expected at most ${MAX_TEXT_BYTES} characters in a text of ${JSON.stringify(field)}, got more. ` +
        "Remove the record: no judge takes so long a program.",
    );
  }
}

function unknownForm(record: JsonObject, raw: RawRecord): FunprmError {
  const problem = ["statement", "question_content", "canonical_solution", "skeleton"].some(
    (key) => key in record,
  );
  return recordError(
    raw,
    `expected a candidate, got an object with ${fieldNames(record)}.` +
      `${problem ? " It looks like a problem: give it with --problems." : ""} ${EXPECTED}`,
  );
}

function parseSingle(
  record: JsonObject,
  field: (typeof PROGRAM_FIELDS)[number],
  raw: RawRecord,
  options: CandidateOptions,
): Draft {
  const idField = ID_FIELDS.find((name) => name in record);
  const problemId = readId(record, idField, raw, options);
  const text = record[field];
  if (typeof text !== "string") {
    throw recordError(
      raw,
      `field "${field}": expected the program as text, got ${describe(text)}. Correct the field.`,
    );
  }
  const single = checked(Single, record, raw, "candidate");
  const known = new Set<string>(["sample_index", "model", "passed", "warnings", field]);
  if (idField !== undefined) known.add(idField);
  if (field === "code") known.add("reply");
  return {
    ...(field === "code" && single.reply !== undefined
      ? { problemId, code: text, reply: single.reply, warnings: [] }
      : programOf(text, field, problemId, raw, options)),
    ...(single.sample_index !== undefined && { sampleIndex: single.sample_index }),
    ...(single.model !== undefined && { model: single.model }),
    ...(single.passed !== undefined && { passed: single.passed }),
    ...(single.warnings !== undefined && { warnings: single.warnings }),
    extra: Object.fromEntries(Object.entries(record).filter(([key]) => !known.has(key))),
  };
}

type Program = Pick<Draft, "problemId" | "code" | "reply" | "warnings">;

/**
 * `code` and `solution` are programs unless they hold a fence or a reasoning tag; `completion` continues the
 * problem's prompt unless it does; the others are replies.
 */
function programOf(
  text: string,
  field: (typeof PROGRAM_FIELDS)[number],
  problemId: string,
  raw: RawRecord,
  options: CandidateOptions,
): Program {
  const isProgram = field === "code" || field === "solution" || field === "completion";
  if (!isProgram || looksLikeReply(text)) {
    const entryPoint = options.entryPointOf?.(problemId);
    const { code, warnings } = extractCode(text, entryPoint === undefined ? {} : { entryPoint });
    return { problemId, code, ...(code !== text && { reply: text }), warnings };
  }
  if (field !== "completion") return { problemId, code: text, warnings: [] };
  const prompt = options.promptOf?.(problemId);
  if (prompt === undefined) {
    throw recordError(
      raw,
      `expected the problem ${JSON.stringify(problemId)} that this completion continues, found none. ` +
        `Give its file with --problems, or write whole programs as "solution".`,
    );
  }
  return { problemId, code: prompt + text, warnings: [] };
}

function readId(
  record: JsonObject,
  field: string | undefined,
  raw: RawRecord,
  options: CandidateOptions,
): string {
  if (field !== undefined && record[field] !== undefined && record[field] !== null)
    return checked(Id, record[field], raw, `field "${field}"`);
  if (options.problemId !== undefined) return options.problemId;
  throw recordError(
    raw,
    `expected "problem_id", "task_id" or "question_id", got an object with ${fieldNames(record)}. ` +
      `Add one, or give exactly one problem.`,
  );
}

const Lists = z.object({
  code_list: optional(z.array(z.string().nullable())),
  output_list: optional(z.array(z.string().nullable())),
  graded_list: optional(z.array(z.boolean())),
  model: optional(z.string()),
  metadata: z.unknown().optional(),
});

/** Fields of an eval_all.json record that repeat the problem or are the candidates themselves. */
const LIST_FIELDS: ReadonlySet<string> = new Set([
  ...ID_FIELDS, "code_list", "output_list", "graded_list", "model", "metadata", "pass@1", "question_title",
  "question_content", "platform", "contest_id", "contest_date", "starter_code", "difficulty",
]); // prettier-ignore

function parseLists(record: JsonObject, raw: RawRecord, options: CandidateOptions): Draft[] {
  const lists = checked(Lists, record, raw, "LiveCodeBench candidates");
  const problemId = readId(
    record,
    ID_FIELDS.find((name) => name in record),
    raw,
    options,
  );
  const programs = lists.code_list ?? lists.output_list ?? [];
  for (const name of ["output_list", "graded_list"] as const) {
    const other = lists[name];
    if (other !== undefined && other.length !== programs.length) {
      throw recordError(
        raw,
        `field "${name}": expected one entry for each of the ${programs.length} programs, got ${other.length}. Correct the lists.`,
      );
    }
  }
  const rest = Object.fromEntries(Object.entries(record).filter(([key]) => !LIST_FIELDS.has(key)));
  return programs.map((text, sampleIndex) => {
    const output = lists.output_list?.[sampleIndex] ?? undefined;
    const passed = lists.graded_list?.[sampleIndex];
    const note: unknown = Array.isArray(lists.metadata) ? lists.metadata[sampleIndex] : undefined;
    const program =
      lists.code_list === undefined
        ? programOf(text ?? "", "reply", problemId, raw, options)
        : programOf(text ?? "", "code", problemId, raw, options);
    return {
      ...program,
      ...(output !== undefined && output !== program.code && { reply: output }),
      sampleIndex,
      ...(lists.model !== undefined && { model: lists.model }),
      ...(passed !== undefined && { passed }),
      warnings: program.code === "" && program.warnings.length === 0 ? ["no code"] : program.warnings,
      extra: note === undefined ? rest : { ...rest, metadata: note },
    };
  });
}

const Samples = z.object({ prompt: z.string(), samples: z.array(z.string()), model: optional(z.string()) });

function parseSamples(record: JsonObject, raw: RawRecord, options: CandidateOptions): Draft[] {
  const { prompt, samples, model } = checked(Samples, record, raw, "HumanEval samples");
  const idField = ID_FIELDS.find((name) => name in record);
  const problemId =
    idField === undefined
      ? (options.idOfPrompt?.(prompt) ?? options.problemId)
      : readId(record, idField, raw, options);
  if (problemId === undefined) {
    throw recordError(
      raw,
      `expected a problem with the prompt of these samples, found none. Give the file of its problems with --problems.`,
    );
  }
  return samples.map((sample, sampleIndex) => ({
    problemId,
    sampleIndex,
    code: prompt + sample,
    ...(model !== undefined && { model }),
    warnings: [],
    extra: {},
  }));
}
