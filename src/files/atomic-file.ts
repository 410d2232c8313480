import { randomBytes } from "node:crypto";
import { lstat, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Unfinished files of another machine are left alone for this long: its processes cannot be asked after. */
const FOREIGN_LEFTOVER_MS = 24 * 60 * 60_000;
const LEFTOVER = /\.(\d+)@([^@]*)@[0-9a-f]+\.tmp$/;
/** `@` and `/` have a meaning in the name. */
const HOST = hostname().replace(/[^\w.-]/g, "_");

/**
 * Writes a text, or its pieces, so that the file exists whole or not at all, whenever the process is killed: to a
 * temporary name beside it, then renamed, then flushed to the disk. Flushing comes last because it takes ten times
 * as long as the rest and a killed process needs none; after a power cut the file may be damaged, so readers must
 * check a sum. The temporary name says whose it is.
 */
export async function writeFileAtomically(path: string, content: string | Iterable<string>): Promise<void> {
  const temporary = temporaryName(path, randomBytes(6).toString("hex"));
  try {
    const file = await open(temporary, "wx", 0o644);
    try {
      await writeFile(file, content);
      await rename(temporary, path);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A name beside `path` that says whose it is, as `removeLeftovers` asks; `unique` tells a process's own apart: hex digits. */
export function temporaryName(path: string, unique: string): string {
  return `${path}.${process.pid}@${HOST}@${unique}.tmp`;
}

/** Removes the unfinished files of killed processes from a directory, if there is one: all, or those of the file `name`. */
export async function removeLeftovers(directory: string, name?: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(directory);
  } catch {
    // Nothing to clean up is no failure, and neither is not being able to.
    return;
  }
  for (const entry of entries) {
    const leftover = LEFTOVER.exec(entry);
    if (leftover === null || (name !== undefined && entry.slice(0, leftover.index) !== name)) continue;
    await removeIfAbandoned(join(directory, entry), Number(leftover[1]), leftover[2] ?? "");
  }
}

async function removeIfAbandoned(path: string, pid: number, host: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || isInUse(found.mtimeMs, pid, host)) return;
  await rm(path, { force: true });
}

function isInUse(modifiedMs: number, pid: number, host: string): boolean {
  if (host !== HOST) return Date.now() - modifiedMs < FOREIGN_LEFTOVER_MS;
  // In a container the killed run often had the very pid that we have.
  if (pid === process.pid) return modifiedMs > Date.now() - process.uptime() * 1000 - 1000;
  return isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
