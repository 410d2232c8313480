import type { Candidate } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";
import { FunprmError } from "../core/errors.ts";
import { parseCandidates } from "../formats/candidate-form.ts";
import { parseMarkdown } from "../formats/markdown.ts";
import { parseProblem } from "../formats/problems.ts";

/** A problem as a file would hold it, in any form that files may have; `id` may be left out. */
export interface ProblemRecord {
  readonly id?: string;
  /** What is asked, with examples if there are any. */
  readonly statement?: string;
  /** Code that the program must start from. */
  readonly starter_code?: string;
  /** Function or method that the tests call. */
  readonly entry_point?: string;
  /** Examples as data: `{args, expected}` or `{input, output}`. */
  readonly examples?: readonly unknown[];
  /** Hidden tests, for `grade` alone: `{args, expected}`, `{input, output}`, or Python source. */
  readonly tests?: readonly unknown[];
  /** Fields of LiveCodeBench, EvalPlus, BigCodeBench and ClassEval records. */
  readonly [field: string]: unknown;
}

/** The text of a statement, a record, or a problem that `readProblems` read. */
export type ProblemInput = string | ProblemRecord | Problem;

/** A program, the reply of an LLM that holds one, or either with what is known of it. */
export type CandidateInput = string | CandidateRecord | Candidate;

export interface CandidateRecord {
  /** The program, or the reply that holds it. */
  readonly code: string;
  /** Default: its place in the list. */
  readonly sampleIndex?: number;
  /** Name of the LLM that wrote it. */
  readonly model?: string;
}

const DEFAULT_ID = "problem";

/** Errors: FunprmError `input` that says which forms there are. */
export function problemFrom(input: ProblemInput): Problem {
  if (typeof input === "string") {
    const problem = parseMarkdown(input, DEFAULT_ID);
    if (problem.statement !== "") return problem;
    throw new FunprmError("input", "expected the problem's statement, got an empty text");
  }
  if (isProblem(input)) return input;
  const hasId = ["id", "task_id", "question_id"].some((field) => field in input);
  const text = JSON.stringify(hasId ? input : { id: DEFAULT_ID, ...input });
  return parseProblem({ text, file: DEFAULT_ID, line: 1, start: 0, end: text.length }, "keep");
}

function isProblem(input: ProblemRecord | Problem): input is Problem {
  return "kind" in input && "starterCode" in input && "exampleTests" in input;
}

/** Errors: FunprmError `input` that names the candidate, from 1, that cannot be read. */
export function candidatesFrom(inputs: readonly CandidateInput[], problem: Problem): Candidate[] {
  return inputs.map((input, at) => {
    if (typeof input !== "string" && "problemId" in input) return { ...input, problemId: problem.id };
    const record: CandidateRecord = typeof input === "string" ? { code: input } : input;
    const { code, sampleIndex = at, model } = record;
    const place = { text: "", file: "candidates", line: at + 1, start: 0, end: 0 };
    const [draft] = parseCandidates({ code }, place, {
      problemId: problem.id,
      ...(problem.entryPoint !== undefined && { entryPointOf: () => problem.entryPoint }),
    });
    if (draft === undefined) throw new RangeError("a record of one program gave none");
    return { ...draft, sampleIndex, ...(model !== undefined && { model }) };
  });
}
