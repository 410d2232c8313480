import { createHash } from "node:crypto";
import type { Candidate } from "../../core/candidate.ts";
import type { Step } from "../../core/step.ts";
import { codeLines } from "../../steps/code-lines.ts";
import { splitSteps } from "../../steps/index.ts";
import type { PrefixText } from "../prefix.ts";

/** A program as its lines. */
export interface LineProgram {
  readonly candidate: Candidate;
  readonly code: string;
  readonly lines: readonly Step[];
  /** Positions among `lines` of those that hold code. */
  readonly ofCode: readonly number[];
}

/** Needs `loadPythonParser()` to be done. */
export function lineProgram(candidate: Candidate): LineProgram {
  const { code } = candidate;
  const lines = splitSteps(code, "line");
  const isCode = codeLines(code, lines);
  const ofCode = lines.flatMap(({ index }) => (isCode[index] === true ? [index] : []));
  return { candidate, code, lines, ofCode };
}

/** A prefix that ends with a line of code. */
export interface LinePrefix extends PrefixText {
  readonly program: LineProgram;
}

/** `line`: its position among the program's lines of code. */
export function linePrefix(program: LineProgram, line: number): LinePrefix {
  const step = program.ofCode[line] ?? 0;
  const text = program.code.slice(0, program.lines[step]?.end ?? 0);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { problemId: program.candidate.problemId, step, text, sha256, program };
}
