import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryName } from "../../files/atomic-file.ts";
import {
  beginningBits,
  beginningOf,
  INDEX,
  MARK,
  PACK,
  type Place,
  RECORD_BYTES,
  TAIL_BYTES,
  writeRecord,
} from "./format.ts";

/** Bytes that go to the disk together. */
const CHUNK_BYTES = 1 << 20;
const ALL_BITS = 16;

/** Writes the two files of a pack, entry by entry in ascending order of their keys. Memory does not depend on their number. */
export class PackWriter {
  readonly #folder: string;
  readonly #pack: Stream;
  readonly #index: Stream;
  /** Entries by the first 16 bits of their keys. */
  readonly #beginnings = new Uint32Array(1 << ALL_BITS);
  #count = 0;
  #last = "";

  private constructor(folder: string, pack: Stream, index: Stream) {
    this.#folder = folder;
    this.#pack = pack;
    this.#index = index;
  }

  static async open(folder: string): Promise<PackWriter> {
    const pack = await Stream.open(temporaryName(join(folder, "pack")));
    return new PackWriter(folder, pack, await Stream.open(temporaryName(join(folder, "index"))));
  }

  get count(): number {
    return this.#count;
  }

  /** @param line the entry's text with its end */
  async add(key: string, line: Buffer): Promise<void> {
    if (key <= this.#last) throw new Error(`entries of a pack ascend: ${key} came after ${this.#last}`);
    this.#last = key;
    const bytes = Buffer.from(key, "hex");
    const place: Place = { offset: this.#pack.length, length: line.length };
    const record = Buffer.alloc(RECORD_BYTES);
    writeRecord(record, 0, bytes, place);
    const beginning = beginningOf(bytes, ALL_BITS);
    this.#beginnings[beginning] = (this.#beginnings[beginning] ?? 0) + 1;
    this.#count += 1;
    await this.#pack.write(line);
    await this.#index.write(record);
  }

  /**
   * Gives the files their names, the index first: a pack counts where both are there.
   * @param replaces names of packs whose entries are all in this one
   * @returns the pack's name
   */
  async publish(replaces: readonly string[] = []): Promise<string> {
    const name = `${this.#count}-${randomBytes(8).toString("hex")}`;
    const bits = beginningBits(this.#count);
    await this.#index.write(this.#table(bits));
    const description = Buffer.from(JSON.stringify({ count: this.#count, bits, replaces }));
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(description.length);
    MARK.copy(tail, 4);
    await this.#index.write(Buffer.concat([description, tail]));
    await this.#index.publish(join(this.#folder, `${name}${INDEX}`));
    await this.#pack.publish(join(this.#folder, `${name}${PACK}`));
    return name;
  }

  async discard(): Promise<void> {
    await this.#pack.discard();
    await this.#index.discard();
  }

  /** For every beginning, and behind the last one, how many entries come before it. */
  #table(bits: number): Buffer {
    const table = Buffer.alloc(((1 << bits) + 1) * 4);
    let before = 0;
    for (const [beginning, count] of this.#beginnings.entries()) {
      const first = beginning & ((1 << (ALL_BITS - bits)) - 1);
      if (first === 0) table.writeUInt32LE(before, (beginning >>> (ALL_BITS - bits)) * 4);
      before += count;
    }
    table.writeUInt32LE(before, (1 << bits) * 4);
    return table;
  }
}

/** A file that is written in large pieces and gets its name at the end. */
class Stream {
  readonly #handle: FileHandle;
  readonly #path: string;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  length = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  static async open(path: string): Promise<Stream> {
    return new Stream(await open(path, "wx", 0o644), path);
  }

  async write(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.length += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES) await this.#flush();
  }

  async publish(path: string): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#path, path);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#path, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#handle.appendFile(bytes);
  }
}
