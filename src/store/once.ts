import { link, open, rm, stat } from "node:fs/promises";
import { FunprmError } from "../core/errors.ts";

/** Whether a file-system error has this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/**
 * Gives a text its name, unless another text has it: exactly one of any number of processes, on any number of hosts, is
 * first. The text is on the disk before its name appears, so a name never leads to half a text.
 * @param temporary a name that nobody else uses, on the same file system
 * @returns false when another one was first
 * @throws FunprmError `input` on a file system without hard links, errors of the file system
 */
export async function publishOnce(temporary: string, path: string, text: string): Promise<boolean> {
  const handle = await open(temporary, "wx", 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // The answer of a network file system may be lost, and the link be there: then the file has two names.
    if (await hasTwoNames(temporary)) return true;
    if (hasCode(error, "EEXIST")) return false;
    if (hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK")) throw noLinks(path, error);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function hasTwoNames(path: string): Promise<boolean> {
  return stat(path).then(
    ({ nlink }) => nlink === 2,
    () => false,
  );
}

function noLinks(path: string, cause: unknown): FunprmError {
  return new FunprmError(
    "input",
    `${path}: expected a file system with hard links, by which the first of several writers is known, got one without. ` +
      "Put the store on a local disk, NFS, Lustre, GPFS or CephFS.",
    { cause },
  );
}
