import type { Candidate } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";

/** The candidate as a line of our own form, which `readCandidates` reads back to the same candidate. */
export function candidateLine(candidate: Candidate): string {
  const known = {
    problem_id: candidate.problemId,
    ...(candidate.model !== undefined && { model: candidate.model }),
    sample_index: candidate.sampleIndex,
    code: candidate.code,
    ...(candidate.reply !== undefined && { reply: candidate.reply }),
    ...(candidate.passed !== undefined && { passed: candidate.passed }),
    ...(candidate.warnings.length > 0 && { warnings: candidate.warnings }),
  };
  // The second time so that no field of the input can take the place of a known one.
  return JSON.stringify({ ...known, ...candidate.extra, ...known });
}

/** A record of LiveCodeBench's eval_all.json: one problem and all of its candidates. */
export interface EvalAllRecord {
  readonly question_title: string;
  readonly question_content: string;
  readonly platform: string;
  readonly question_id: string;
  readonly contest_id: string;
  readonly contest_date: string;
  readonly starter_code: string;
  readonly difficulty: string;
  readonly output_list: readonly string[];
  readonly code_list: readonly string[];
  /** Absent, as `pass@1`, while a candidate has no verdict. */
  readonly graded_list?: readonly boolean[];
  /** Share of candidates that pass, in [0, 1]. */
  readonly "pass@1"?: number;
  /** What the grader says about each candidate, in order. */
  readonly metadata: readonly unknown[];
}

/** Candidates are put in the order of their sample index; `metadata` follows the order of `candidates`. */
export function evalAllRecord(
  problem: Problem,
  candidates: readonly Candidate[],
  metadata: readonly unknown[] = candidates.map((candidate) => candidate.extra["metadata"] ?? {}),
): EvalAllRecord {
  const rows = candidates
    .map((candidate, i) => ({ candidate, note: metadata[i] ?? {} }))
    .sort((a, b) => a.candidate.sampleIndex - b.candidate.sampleIndex);
  const graded = rows.flatMap(({ candidate }) => candidate.passed ?? []);
  const fact = (name: string): string => {
    const value = problem.meta[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return {
    question_title: problem.title ?? "",
    question_content: problem.statement,
    platform: fact("platform"),
    question_id: problem.id,
    contest_id: fact("contest"),
    contest_date: fact("date"),
    starter_code: problem.starterCode,
    difficulty: fact("difficulty"),
    output_list: rows.map(({ candidate }) => candidate.reply ?? candidate.code),
    code_list: rows.map(({ candidate }) => candidate.code),
    ...(graded.length === rows.length &&
      rows.length > 0 && {
        graded_list: graded,
        "pass@1": graded.filter(Boolean).length / graded.length,
      }),
    metadata: rows.map(({ note }) => note),
  };
}
