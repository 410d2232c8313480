import { FunprmError } from "../../core/errors.ts";

/** The JSON text of one record and its place in the file. */
export interface RawRecord {
  readonly text: string;
  readonly file: string;
  /** The line the record begins on, from 1. */
  readonly line: number;
  /** Offsets of the record's bytes in the unpacked source, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A record that could be read as text but not as what it should be. */
export function recordError(
  record: Pick<RawRecord, "file" | "line">,
  message: string,
  cause?: unknown,
): FunprmError {
  return new FunprmError(
    "input",
    `${record.file}:${record.line}: ${message}`,
    cause === undefined ? undefined : { cause },
  );
}
