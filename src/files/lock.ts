import { randomUUID } from "node:crypto";
import { link, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { removeLeftovers, temporaryName } from "./atomic-file.ts";
import { readOwnFile } from "./small-file.ts";

const Owner = z.object({ pid: z.number().int(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof Owner>;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/** Only one process works in a folder, or on a file, at a time. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder, `lock` in it.
 * @param work what the process does there, for the message to the other one
 * @param otherwise what somebody may do who does not want to wait
 * @throws FunprmError `usage` when another process works there
 */
export function lockFolder(
  folder: string,
  work: string,
  otherwise = "name another folder with --out",
): Promise<Lock> {
  return take(join(folder, "lock"), { place: folder, work, otherwise });
}

/**
 * Takes the lock of a file that may not be there yet, `FILE.lock` next to it; a link and the file that it leads to have one.
 * What is no file, a pipe or a device, is anybody's.
 * @throws FunprmError `usage` when another process writes there
 */
export async function lockFile(
  file: string,
  work: string,
  otherwise = "name another file with --out",
): Promise<Lock> {
  const target = await realpath(file).catch(() => file);
  const isOther = await stat(target).then(
    (found) => !found.isFile(),
    () => false,
  );
  if (isOther) return { release: async () => {} };
  return take(`${target}.lock`, { place: file, work, otherwise });
}

interface Claim {
  readonly place: string;
  readonly work: string;
  readonly otherwise: string;
}

/**
 * The lock is a file that names its owner. That of a process of this machine that has ended is taken over;
 * another machine's processes cannot be asked after, so theirs stays until somebody removes it.
 */
async function take(path: string, claim: Claim): Promise<Lock> {
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  await removeLeftovers(dirname(path), basename(path));
  const draft = temporaryName(path);
  await writeFile(draft, JSON.stringify(owner));
  held.add(owner.token);
  try {
    // A link appears whole or not at all, and never over another one's.
    while (!(await linked(draft, path))) {
      const holder = await ownerOf(path);
      if (holder !== undefined && isWorking(holder)) throw refusal(path, claim, holder);
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
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return; // another process was first
    throw error; // what cannot be moved would be tried for ever
  }
  if ((await ownerOf(aside))?.token !== holder?.token) await linked(aside, path);
  await rm(aside, { force: true });
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readOwnFile(path)));
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

function refusal(path: string, { place, work, otherwise }: Claim, { pid, host }: Owner): FunprmError {
  return new FunprmError(
    "usage",
    `${place}: another ${work} works here (process ${pid} on ${host}). Wait for it, or ${otherwise}. ` +
      `If it has ended, remove ${path}.`,
  );
}
