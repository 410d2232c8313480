import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwritable } from "./write-refusal.ts";

/** Where the row before of the same group begins (-1: there is none), and the row's length in bytes. */
const HEAD_BYTES = 12;
/** A row and its head, mostly: read at once. */
const GUESS_BYTES = 2048;
const WRITE_BYTES = 1 << 20;

/**
 * Rows by group, on disk: memory holds a number a group and the rows that are being written, however many there are. The
 * file has no name, so that nothing is left of a process that is killed. Rows are kept as JSON.
 */
export class Spool<Row> {
  readonly #handle: FileHandle;
  /** Where the last row of each group begins, in the order of their first rows. */
  readonly #last = new Map<string, number>();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Bytes in the file, without those that wait. */
  #written = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @throws FunprmError `input` when the folder for temporary files takes nothing */
  static async open<Row>(): Promise<Spool<Row>> {
    try {
      const folder = await mkdtemp(join(tmpdir(), "funprm-rows-"));
      try {
        return new Spool(await open(join(folder, "rows"), "wx+", 0o600));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    } catch (error) {
      throw noRoom(error);
    }
  }

  /** Names of the groups, in the order of their first rows. */
  get groups(): readonly string[] {
    return [...this.#last.keys()];
  }

  /** @throws FunprmError `input` when the disk is full */
  async add(group: string, row: Row): Promise<void> {
    const text = Buffer.from(JSON.stringify(row));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeDoubleLE(this.#last.get(group) ?? -1, 0);
    head.writeUInt32LE(text.length, 8);
    this.#last.set(group, this.#written + this.#waitingBytes);
    this.#waiting.push(head, text);
    this.#waitingBytes += head.length + text.length;
    if (this.#waitingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** The rows of a group as they were added, numbers and texts as JSON gives them back. */
  async rowsOf(group: string): Promise<Row[]> {
    await this.#flush();
    const rows: Row[] = [];
    for (let at = this.#last.get(group) ?? -1; at >= 0;) {
      const { before, text } = await this.#read(at);
      rows.push(JSON.parse(text));
      at = before;
    }
    return rows.toReversed();
  }

  /** Forgets a group; the file is emptied when it was the last one. */
  async drop(group: string): Promise<void> {
    this.#last.delete(group);
    if (this.#last.size > 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#written = 0;
    await this.#handle.truncate(0);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #read(at: number): Promise<{ readonly before: number; readonly text: string }> {
    const guess = Buffer.alloc(GUESS_BYTES);
    await this.#handle.read(guess, 0, GUESS_BYTES, at);
    const length = guess.readUInt32LE(8);
    const row = Buffer.alloc(length);
    const copied = guess.copy(row, 0, HEAD_BYTES, HEAD_BYTES + length);
    if (copied < length) await this.#handle.read(row, copied, length - copied, at + HEAD_BYTES + copied);
    return { before: guess.readDoubleLE(0), text: row.toString("utf8") };
  }

  async #flush(): Promise<void> {
    if (this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      for (let from = 0; from < bytes.length;)
        from += (await this.#handle.write(bytes, from, bytes.length - from, this.#written + from))
          .bytesWritten;
    } catch (error) {
      throw noRoom(error);
    }
    this.#written += bytes.length;
  }
}

function noRoom(error: unknown): unknown {
  return unwritable(tmpdir(), error, "name another folder with TMPDIR");
}
