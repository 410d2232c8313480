import { FunprmError } from "../core/errors.ts";

/** What a disk, a folder or its rights say no with. */
const REFUSALS: ReadonlySet<string> = new Set([
  "EACCES",
  "EDQUOT",
  "EFBIG",
  "EIO",
  "EISDIR",
  "ENAMETOOLONG",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

/** The error of a file that could not be written below `place`, saying what to do; every other error as it is. */
export function unwritable(
  place: string,
  error: unknown,
  otherwise = "name another folder with --out",
): unknown {
  if (error instanceof FunprmError || !(error instanceof Error) || !("code" in error)) return error;
  // A file that is missing says so only of a place that was taken away; elsewhere it is a defect.
  const gone = error.code === "ENOENT" && "path" in error && String(error.path).startsWith(place);
  if (!gone && !REFUSALS.has(String(error.code))) return error;
  return new FunprmError(
    "input",
    `${place}: expected to write there, got ${error.message}. Make room, or ${otherwise}.`,
    { cause: error },
  );
}
