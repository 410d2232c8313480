import { readFileSync, type Stats, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { isOpenedByShell } from "./opened-by-shell.ts";

/** What is read whole at the start, settings and descriptions, is far smaller. */
const MAX_BYTES = 8 * 2 ** 20;
/** What funprm itself writes and reads whole, figures of a bench say, is far smaller. */
const MAX_OWN_BYTES = 256 * 2 ** 20;

/**
 * The bytes of a regular file. A named pipe would block for ever, and a device may have no end.
 * @throws Error, for the caller to say in its own words: not there, no regular file, or over `maxBytes`
 */
export function readSmallFile(path: string, maxBytes: number = MAX_BYTES): Buffer {
  refuseOther(statSync(path), path, maxBytes);
  return readFileSync(path);
}

/** The text of a file that funprm has written, or that somebody has put in its place. @throws what `readSmallFile` throws */
export async function readOwnFile(path: string): Promise<string> {
  refuseOther(await stat(path), path, MAX_OWN_BYTES);
  return readFile(path, "utf8");
}

/** Refuses to open what would block or has no end. @throws Error: not there, or no regular file */
export async function refuseIrregular(path: string): Promise<void> {
  refuseOther(await stat(path), path, Infinity);
}

function refuseOther(found: Stats, path: string, maxBytes: number): void {
  // A folder goes on to the system's own error.
  if (!found.isFile() && !found.isDirectory() && !isOpenedByShell(path)) {
    throw new Error("it is no regular file");
  }
  if (found.size > maxBytes) throw new Error(`it has ${found.size} bytes, more than ${maxBytes}`);
}
