import { open, type FileHandle } from "node:fs/promises";
import { type Lock, lockFile } from "./lock.ts";
import { refuseIrregular } from "./small-file.ts";
import { refuseNamedPipe } from "./named-pipe.ts";

const LF = 0x0a;
const CHUNK_BYTES = 1 << 20;
/** What this project writes as one line is shorter, and V8 has no strings of twice this length. */
const LONGEST_LINE_BYTES = 256 << 20;

export interface AppendOptions {
  /** Keeps what is there and calls this with each whole line; absent: the file starts empty. What it throws ends the opening. */
  readonly onLine?: (line: string) => void;
  /** Refuses a second process; absent where the folder is locked already. */
  readonly lock?: { readonly work: string; readonly otherwise: string };
}

/**
 * A file that only grows, line by line. A kill cuts the last line at most, and so does a full disk: the remains are removed, when the
 * file is opened again or at once, so that no line ever goes on behind half of another. A file of any size is read
 * line by line. A pipe or a device is written to, and neither read nor locked.
 */
export class AppendOnlyFile {
  readonly #handle: FileHandle;
  readonly #lock: Lock | undefined;
  /** Where the last whole line ends; null for a pipe or a device. */
  #end: number | null;
  #last: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle, lock: Lock | undefined, end: number | null) {
    this.#handle = handle;
    this.#lock = lock;
    this.#end = end;
  }

  /** Errors: those of the file system, FunprmError `usage` where another process holds the lock, and what `onLine` throws. */
  static async open(path: string, { onLine, lock }: AppendOptions): Promise<AppendOnlyFile> {
    await refuseNamedPipe(path);
    const handle = await open(path, onLine === undefined ? "a" : "a+");
    let held: Lock | undefined;
    try {
      if (!(await handle.stat()).isFile()) return new AppendOnlyFile(handle, undefined, null);
      held = lock && (await lockFile(path, lock.work, lock.otherwise));
      const end = onLine === undefined ? 0 : await readWholeLines(handle, onLine);
      await handle.truncate(end);
      return new AppendOnlyFile(handle, held, end);
    } catch (error) {
      await handle.close();
      await held?.release();
      throw error;
    }
  }

  /** Writes one line, without its end, behind those that were given before. */
  append(line: string): Promise<void> {
    const written = this.#last.then(() => this.#write(Buffer.from(`${line}\n`)));
    this.#last = written.catch(() => {});
    return written;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle.close();
    await this.#lock?.release();
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#handle.appendFile(bytes);
    } catch (error) {
      if (this.#end !== null) await this.#handle.truncate(this.#end).catch(() => {});
      throw error;
    }
    if (this.#end !== null) this.#end += bytes.length;
  }
}

/** Calls with each whole line of a file, which stays as it is; without the file, never. */
export async function readWholeLinesOf(path: string, onLine: (line: string) => void): Promise<void> {
  let handle: FileHandle;
  try {
    await refuseIrregular(path);
    handle = await open(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    await readWholeLines(handle, onLine);
  } finally {
    await handle.close();
  }
}

/** Gives each line that has an end, and where the last one ends. One over the bound, which is none of ours, is given as an empty one. */
async function readWholeLines(handle: FileHandle, onLine: (line: string) => void): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let parts: Buffer[] = [];
  let length = 0;
  let end = 0;
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return end;
    let from = 0;
    for (let stop = lineEnd(chunk, from, bytesRead); stop !== -1; stop = lineEnd(chunk, from, bytesRead)) {
      parts.push(chunk.subarray(from, stop));
      length += stop - from;
      onLine(length > LONGEST_LINE_BYTES ? "" : Buffer.concat(parts).toString("utf8"));
      parts = [];
      length = 0;
      from = stop + 1;
      end = at + from;
    }
    length += bytesRead - from;
    // A copy, because the next chunk comes to the same place.
    if (length <= LONGEST_LINE_BYTES) parts.push(Buffer.from(chunk.subarray(from, bytesRead)));
    else parts = [];
    at += bytesRead;
  }
}

function lineEnd(chunk: Buffer, from: number, size: number): number {
  const found = chunk.indexOf(LF, from);
  return found < size ? found : -1;
}
