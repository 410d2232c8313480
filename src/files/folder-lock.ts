import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";

const Owner = z.object({ pid: z.number().int(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof Owner>;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/** Only one process works in a folder at a time. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder's lock, a file that names its owner. The lock of a process of this machine that has ended is taken over;
 * another machine's processes cannot be asked after, so theirs stands until somebody removes it.
 * @param otherwise what somebody may do who does not want to wait
 * @throws FunprmError `usage` when another process works there
 */
export async function lockFolder(
  folder: string,
  work: string,
  otherwise = "name another folder with --out",
): Promise<FolderLock> {
  const path = join(folder, "lock");
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const draft = `${path}.${owner.token}`;
  await writeFile(draft, JSON.stringify(owner));
  held.add(owner.token);
  try {
    // A link appears whole or not at all, and never over another one's.
    while (!(await linked(draft, path))) {
      const holder = await ownerOf(path);
      if (holder !== undefined && isWorking(holder)) throw refusal(folder, work, otherwise, holder);
      await removeStale(path, holder);
    }
  } catch (error) {
    held.delete(owner.token);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      held.delete(owner.token);
      if ((await ownerOf(path))?.token === owner.token) await rm(path, { force: true });
    },
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moves the lock away and looks what it was: a third process may have taken it over in between, and keeps it. */
async function removeStale(path: string, holder: Owner | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // released or moved by another process
  }
  if ((await ownerOf(aside))?.token !== holder?.token) await linked(aside, path);
  await rm(aside, { force: true });
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

function isWorking({ pid, host, token }: Owner): boolean {
  if (host !== hostname()) return true;
  // In a container the killed run often had the very pid that we have: only our own locks are ours.
  if (pid === process.pid) return held.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function refusal(folder: string, work: string, otherwise: string, { pid, host }: Owner): FunprmError {
  return new FunprmError(
    "usage",
    `${folder}: another ${work} works here (process ${pid} on ${host}). Wait for it, or ${otherwise}. ` +
      `If it has ended, remove ${join(folder, "lock")}.`,
  );
}
