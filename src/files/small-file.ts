import { readFileSync, statSync } from "node:fs";
import { isOpenedByShell } from "./opened-by-shell.ts";

/** What is read whole at the start, settings and descriptions, is far smaller. */
const MAX_BYTES = 8 * 2 ** 20;

/**
 * The bytes of a regular file. A named pipe would block for ever, and a device may have no end.
 * @throws Error, for the caller to say in its own words: not there, no regular file, or over `maxBytes`
 */
export function readSmallFile(path: string, maxBytes: number = MAX_BYTES): Buffer {
  const found = statSync(path);
  // A folder goes on to the system's own error.
  if (!found.isFile() && !found.isDirectory() && !isOpenedByShell(path)) {
    throw new Error("it is no regular file");
  }
  if (found.size > maxBytes) throw new Error(`it has ${found.size} bytes, more than ${maxBytes}`);
  return readFileSync(path);
}
