import { randomBytes } from "node:crypto";
import { lstat, open, readdir, realpath, rename, rm, writeFile, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isRunning, OWN_START } from "./same-process.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

/** Unfinished files of another machine are left alone for this long: its processes cannot be asked after. */
const FOREIGN_LEFTOVER_MS = 24 * 60 * 60_000;
const LEFTOVER = /\.(\d+)@([^@]*)@(?:(\d+)-)?[0-9a-f]+\.tmp$/;
/** `@` and `/` have a meaning in the name. */
const HOST = hostname().replace(/[^\w.-]/g, "_");

export interface AtomicOptions {
  /**
   * `before` its name (the default), the bytes are on the disk, so that the file is whole after a power cut too. `after`: flushing
   * takes ten times as long as the rest, and what a killed process has written is there without; a reader must then
   * check a sum.
   */
  readonly flush?: "before" | "after";
  /** What killed processes left of the same file goes first; false where the caller has cleaned the whole folder. */
  readonly removeLeftovers?: boolean;
}

/**
 * A file that exists whole or not at all, whenever the process is killed: it is written under a temporary name next to
 * it, which says whose it is, and renamed. A link is followed. A device, or a pipe that the shell opened, is
 * written to directly.
 */
export class AtomicFile {
  readonly handle: FileHandle;
  readonly #path: string;
  /** null: written directly. */
  readonly #temporary: string | null;
  readonly #options: AtomicOptions;

  private constructor(handle: FileHandle, path: string, temporary: string | null, options: AtomicOptions) {
    this.handle = handle;
    this.#path = path;
    this.#temporary = temporary;
    this.#options = options;
  }

  static async open(path: string, options: AtomicOptions = {}): Promise<AtomicFile> {
    const target = await realpath(path).catch(() => path);
    await refuseNamedPipe(target);
    const found = await lstat(target).catch(() => undefined);
    if (found !== undefined && !found.isFile() && !found.isDirectory())
      return new AtomicFile(await open(target, "a"), target, null, options);
    if (options.removeLeftovers !== false) await removeLeftovers(dirname(target), basename(target));
    const temporary = temporaryName(target);
    return new AtomicFile(await open(temporary, "wx", 0o644), target, temporary, options);
  }

  /** Gives the file its name. What goes wrong leaves the earlier file, if there is one, and nothing else. */
  async commit(): Promise<void> {
    if (this.#temporary === null) return this.handle.close();
    try {
      if (this.#options.flush !== "after") await this.handle.sync();
      await rename(this.#temporary, this.#path);
      if (this.#options.flush === "after") await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Drops the unfinished file. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    if (this.#temporary !== null) await rm(this.#temporary, { force: true });
  }
}

/** Writes a text, or its pieces, as an AtomicFile. */
export async function writeFileAtomically(
  path: string,
  content: string | Iterable<string>,
  options: AtomicOptions = {},
): Promise<void> {
  const file = await AtomicFile.open(path, options);
  try {
    await writeFile(file.handle, content);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
}

/** Gives a finished file its name, after its bytes are on the disk. For files that grow over several runs. */
export async function publish(finished: string, path: string): Promise<void> {
  const handle = await open(finished, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(finished, path);
}

/** A name next to `path` that no other has and that says whose it is, as `removeLeftovers` asks. */
export function temporaryName(path: string): string {
  const start = OWN_START === undefined ? "" : `${OWN_START}-`;
  return `${path}.${process.pid}@${HOST}@${start}${randomBytes(6).toString("hex")}.tmp`;
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
    const [, pid, host = "", start] = leftover;
    await removeIfAbandoned(join(directory, entry), { pid: Number(pid), host, start });
  }
}

/** Whose an unfinished file is. */
interface Maker {
  readonly pid: number;
  readonly host: string;
  readonly start: string | undefined;
}

async function removeIfAbandoned(path: string, maker: Maker): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || isInUse(found.mtimeMs, maker)) return;
  await rm(path, { force: true });
}

function isInUse(modifiedMs: number, { pid, host, start }: Maker): boolean {
  if (host !== HOST) return Date.now() - modifiedMs < FOREIGN_LEFTOVER_MS;
  // In a container the killed run often had the very pid that we have.
  if (pid === process.pid) return modifiedMs > Date.now() - process.uptime() * 1000 - 1000;
  return isRunning(pid, start);
}
