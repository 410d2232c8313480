import { randomUUID } from "node:crypto";
import { link, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import { removeLeftovers, temporaryName } from "./atomic-file.ts";
import { isAlive, isOfThisMachine, type LockOwner, lockOwnerSchema, ownerHere } from "./lock-owner.ts";
import { readOwnFile } from "./small-file.ts";

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/** Only one process works in a folder, or on a file, at a time. */
export interface Lock {
  release(): Promise<void>;
  /** Whether it still is this process's. A lease may be lost to another machine while this one stands still. */
  isHeld(): Promise<boolean>;
}

/** Beats that an owner on another machine may miss before its lease is over. */
const MISSED_BEATS = 12;

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
 * @param beatMs makes the lock a lease: its owner renews it so often, and another machine takes it over when that has stopped
 * @throws FunprmError `usage` when another process writes there
 */
export async function lockFile(
  file: string,
  work: string,
  otherwise = "name another file with --out",
  beatMs?: number,
): Promise<Lock> {
  const target = await realpath(file).catch(() => file);
  const isOther = await stat(target).then(
    (found) => !found.isFile(),
    () => false,
  );
  if (isOther) return { release: async () => {}, isHeld: async () => true };
  return take(`${target}.lock`, { place: file, work, otherwise }, beatMs);
}

interface Claim {
  readonly place: string;
  readonly work: string;
  readonly otherwise: string;
}

/**
 * The lock is a file that names its owner. That of a process of this machine that has ended is taken over, also when the machine
 * has started anew since. Another machine's processes cannot be asked after: theirs stays until somebody removes it, or, where it
 * is a lease, until it was not renewed for long.
 */
async function take(path: string, claim: Claim, beatMs?: number): Promise<Lock> {
  const owner = ownerHere(randomUUID(), beatMs);
  await removeLeftovers(dirname(path), basename(path));
  const draft = temporaryName(path);
  await writeFile(draft, JSON.stringify(owner));
  held.add(owner.token);
  try {
    // A link appears whole or not at all, and never over another one's.
    while (!(await linked(draft, path))) {
      const holder = await ownerOf(path);
      if (holder !== undefined && (await isWorking(holder, path, draft))) throw refusal(path, claim, holder);
      await removeStale(path, holder);
    }
  } catch (error) {
    held.delete(owner.token);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const isHeld = async (): Promise<boolean> => (await ownerOf(path))?.token === owner.token;
  const beat = beatMs === undefined ? undefined : setInterval(() => void renew(path, owner, isHeld), beatMs);
  beat?.unref();
  return {
    isHeld,
    async release() {
      clearInterval(beat);
      held.delete(owner.token);
      if (await isHeld()) await rm(path, { force: true });
    },
  };
}

/** Writes the lock again: its time is then the file system's, whatever the clocks of the machines say. */
async function renew(path: string, owner: LockOwner, isHeld: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await isHeld())) return;
    const file = await open(path, "r+");
    try {
      await file.write(JSON.stringify(owner), 0);
    } finally {
      await file.close();
    }
  } catch {
    // A file system that does not answer now may do so at the next beat; a lease that is lost is seen by `isHeld`.
  }
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
async function removeStale(path: string, holder: LockOwner | undefined): Promise<void> {
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

async function ownerOf(path: string): Promise<LockOwner | undefined> {
  try {
    return lockOwnerSchema.parse(JSON.parse(await readOwnFile(path)));
  } catch {
    return undefined;
  }
}

/** @param draft a file that was written just now, beside the lock */
async function isWorking(holder: LockOwner, path: string, draft: string): Promise<boolean> {
  if (isOfThisMachine(holder)) return isAlive(holder, held);
  if (holder.beatMs === undefined) return holder.host !== hostname();
  const [renewed, now] = await Promise.all([stat(path), stat(draft)]).catch(() => []);
  // It is gone, or was taken over, in this moment: the next look tells.
  if (renewed === undefined || now === undefined) return false;
  return now.mtimeMs - renewed.mtimeMs <= MISSED_BEATS * holder.beatMs;
}

function refusal(path: string, { place, work, otherwise }: Claim, { pid, host }: LockOwner): FunprmError {
  return new FunprmError(
    "usage",
    `${place}: another ${work} works here (process ${pid} on ${host}). Wait for it, or ${otherwise}. ` +
      `If it has ended, remove ${path}.`,
  );
}
