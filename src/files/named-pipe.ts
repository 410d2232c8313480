import { stat } from "node:fs/promises";
import { FunprmError } from "../core/errors.ts";
import { isOpenedByShell } from "./opened-by-shell.ts";

/**
 * Refuses to write to a named pipe, before it is opened: one whose other end nobody opens blocks a thread that no signal
 * ends. A pipe that the shell opened, `>(command)`, has its other end.
 * @throws FunprmError `usage`
 */
export async function refuseNamedPipe(path: string): Promise<void> {
  if (isOpenedByShell(path)) return;
  const found = await stat(path).catch(() => undefined);
  if (found?.isFIFO() !== true) return;
  throw new FunprmError(
    "usage",
    `${path}: expected a file to write to, got a named pipe. Let the shell open it: leave the option out and write > ${path}.`,
  );
}
