import { constants, createReadStream, openSync } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { FunprmError } from "../../core/errors.ts";
import { isOpenedByShell } from "../../files/opened-by-shell.ts";

/**
 * The bytes of a file, or of a pipe that the shell opened. Anything else is refused before it is opened: a named pipe
 * whose other end nobody opens blocks a thread that no signal ends, and a device may go on for ever.
 * @throws FunprmError `input` for what is neither; the system's own error for what is not there or not permitted
 */
export async function openBytes(path: string): Promise<Readable> {
  const found = await stat(path);
  if (found.isFile() || found.isDirectory() || path === "/dev/null") return createReadStream(path);
  if (isOpenedByShell(path)) {
    if (!found.isFIFO()) return createReadStream(path);
    // A socket waits without a thread, so that the process can end while nothing comes.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  }
  throw notRegular(path, "Give it to stdin instead (-), or name a file.");
}

function notRegular(path: string, todo: string): FunprmError {
  return new FunprmError(
    "input",
    `${path}: expected a regular file, got a named pipe, a socket or a device. ${todo}`,
  );
}
