import { FunprmError } from "../../core/errors.ts";
import type { PrmManifest } from "../manifest/manifest.ts";

/** What of a manifest decides the token sequences of a program. */
export type SequenceRules = Pick<PrmManifest, "reading" | "specialTokens" | "contextLength">;

/** The token ids of a program's parts, each tokenised alone and without special tokens. */
export interface ProgramTokens {
  /** Of the statement with the template's text before and after it. */
  readonly statement: readonly number[];
  readonly steps: readonly (readonly number[])[];
  /** Of the template's text after the code. */
  readonly afterCode: readonly number[];
}

/** One row of the model's input, without padding. */
export interface TokenSequence {
  readonly ids: Int32Array;
  /** Where rewards are read: positions in `ids` for step marks; null: the sequence has one reward. */
  readonly marks: readonly number[] | null;
}

/** The sequences of one program and where the reward of each of its steps comes from. */
export interface ProgramSequences {
  readonly sequences: readonly TokenSequence[];
  /** For step t: the sequence, and the place among that sequence's rewards. */
  readonly places: readonly { readonly sequence: number; readonly reward: number }[];
  /** The largest cut among the sequences: tokens of statement, code and step marks. */
  readonly truncatedTokens: number;
  /** The largest cut of code tokens among the sequences. */
  readonly truncatedCodeTokens: number;
}

/** Builds what the model must see to reward every step of a program. See docs/design/prm-manifest.md. */
export function buildSequences(program: ProgramTokens, rules: SequenceRules): ProgramSequences {
  return rules.reading.kind === "prefix"
    ? buildPrefixes(program, rules)
    : buildMarked(program, rules, rules.reading.markId);
}

/** Tokens for statement, code and marks, besides those that every sequence has. */
export function roomForText(
  { specialTokens, contextLength, reading }: SequenceRules,
  afterCode: readonly number[],
): number {
  const { first, betweenStatementAndCode, last } = specialTokens;
  const fixed = [first, betweenStatementAndCode, last].filter((id) => id !== null).length + afterCode.length;
  const room = contextLength - fixed;
  const least = reading.kind === "prefix" ? 1 : 2;
  if (room < least) {
    throw new FunprmError(
      "model",
      `field "contextLength" of prm.json: expected room for at least one code token besides ${fixed} fixed tokens, got ${contextLength}. ` +
        "Correct the field, or export the model again.",
    );
  }
  return room;
}

function buildPrefixes(program: ProgramTokens, rules: SequenceRules): ProgramSequences {
  const room = roomForText(rules, program.afterCode);
  const code: number[] = [];
  const sequences: TokenSequence[] = [];
  let truncatedTokens = 0;
  let truncatedCodeTokens = 0;
  for (const step of program.steps) {
    for (const id of step) code.push(id);
    const keptCode = Math.min(code.length, room);
    const keptStatement = Math.min(program.statement.length, room - keptCode);
    const cutCode = code.length - keptCode;
    truncatedCodeTokens = Math.max(truncatedCodeTokens, cutCode);
    truncatedTokens = Math.max(truncatedTokens, cutCode + program.statement.length - keptStatement);
    const ids = assemble(
      program.statement.slice(0, keptStatement),
      code.slice(cutCode),
      program.afterCode,
      rules.specialTokens,
    );
    sequences.push({ ids, marks: null });
  }
  const places = sequences.map((_, sequence) => ({ sequence, reward: 0 }));
  return { sequences, places, truncatedTokens, truncatedCodeTokens };
}

function buildMarked(program: ProgramTokens, rules: SequenceRules, markId: number): ProgramSequences {
  if (program.steps.length === 0) {
    return { sequences: [], places: [], truncatedTokens: 0, truncatedCodeTokens: 0 };
  }
  const room = roomForText(rules, program.afterCode);
  const code: number[] = [];
  const marksInCode: number[] = [];
  for (const step of program.steps) {
    for (const id of step) code.push(id);
    marksInCode.push(code.length);
    code.push(markId);
  }
  const keptCode = Math.min(code.length, room);
  const cut = code.length - keptCode;
  const keptStatement = Math.min(program.statement.length, room - keptCode);
  const keptMarks = marksInCode.filter((mark) => mark >= cut);
  const cutMarks = marksInCode.length - keptMarks.length;

  const { first, betweenStatementAndCode } = rules.specialTokens;
  const codeStart = (first === null ? 0 : 1) + keptStatement + (betweenStatementAndCode === null ? 0 : 1);
  const ids = assemble(
    program.statement.slice(0, keptStatement),
    code.slice(cut),
    program.afterCode,
    rules.specialTokens,
  );
  return {
    sequences: [{ ids, marks: keptMarks.map((mark) => codeStart + mark - cut) }],
    // A step that was cut away with its mark gets the reward of the first mark that is left.
    places: program.steps.map((_, step) => ({ sequence: 0, reward: Math.max(step - cutMarks, 0) })),
    truncatedTokens: cut + program.statement.length - keptStatement,
    truncatedCodeTokens: cut - cutMarks,
  };
}

function optional(id: number | null): number[] {
  return id === null ? [] : [id];
}

function assemble(
  statement: readonly number[],
  code: readonly number[],
  afterCode: readonly number[],
  { first, betweenStatementAndCode, last }: SequenceRules["specialTokens"],
): Int32Array {
  return Int32Array.from([
    ...optional(first),
    ...statement,
    ...optional(betweenStatementAndCode),
    ...code,
    ...afterCode,
    ...optional(last),
  ]);
}
