import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { type Entry, readEntry } from "../entry.ts";
import {
  beginningOf,
  INDEX,
  KEY_BYTES,
  MARK,
  PACK,
  type Place,
  readPlace,
  RECORD_BYTES,
  TAIL_BYTES,
} from "./format.ts";

/** Records that are read together: one page of a disk cache or four. */
const WINDOW_RECORDS = 512;

const descriptionSchema = z.object({
  count: z.int().nonnegative(),
  bits: z.int().min(0).max(16),
  replaces: z.array(z.string()),
});

/** An open pack. Only its table of beginnings is in memory, 256 KiB at most; everything else is read by place. */
export class Pack {
  readonly name: string;
  readonly count: number;
  /** Names of packs whose entries are all in this one. */
  readonly replaces: readonly string[];
  readonly #lines: FileHandle;
  readonly #index: FileHandle;
  readonly #path: string;
  readonly #bits: number;
  readonly #before: Uint32Array;
  #readers = 0;
  #state: "open" | "retired" | "closed" = "open";

  private constructor(
    path: string,
    files: { readonly lines: FileHandle; readonly index: FileHandle },
    { count, bits, replaces }: z.infer<typeof descriptionSchema>,
    before: Uint32Array,
  ) {
    this.#path = path;
    this.name = path.slice(path.lastIndexOf("/") + 1);
    this.#lines = files.lines;
    this.#index = files.index;
    this.count = count;
    this.replaces = replaces;
    this.#bits = bits;
    this.#before = before;
  }

  /** @throws FunprmError `input` for an index that is damaged, errors of the file system */
  static async open(folder: string, name: string): Promise<Pack> {
    const path = join(folder, name);
    const index = await open(`${path}${INDEX}`);
    try {
      const { description, before } = await readTable(index, `${path}${INDEX}`);
      return new Pack(path, { index, lines: await open(`${path}${PACK}`) }, description, before);
    } catch (error) {
      await index.close();
      throw error;
    }
  }

  /** undefined where the pack has none, a damaged disk has changed it, or the pack was merged into another one. */
  async get(key: string): Promise<Entry | undefined> {
    if (this.#state === "closed") return undefined;
    this.#readers += 1;
    try {
      const place = await this.#find(Buffer.from(key, "hex"));
      if (place === undefined) return undefined;
      return readEntry((await readAt(this.#lines, place.offset, place.length)).toString("utf8"), key);
    } finally {
      this.#readers -= 1;
      await this.#closeIfDone();
    }
  }

  /** All entries as lines with their ends, by key, a piece in memory at a time; what a damaged disk has changed is left out. */
  async *lines(): AsyncGenerator<{ readonly key: string; readonly line: Buffer }> {
    let rest: Buffer = Buffer.alloc(0);
    let last = "";
    const chunks: AsyncIterable<Buffer> = createReadStream(`${this.#path}${PACK}`, {
      highWaterMark: 1 << 18,
    });
    for await (const chunk of chunks) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
        const line = bytes.subarray(from, end + 1);
        const key = keyOfLine(line);
        if (/^[0-9a-f]{64}$/.test(key) && key > last) yield { key, line };
        last = key > last ? key : last;
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  }

  /** Closes the files as soon as nobody reads them. */
  async retire(): Promise<void> {
    if (this.#state === "open") this.#state = "retired";
    await this.#closeIfDone();
  }

  async #closeIfDone(): Promise<void> {
    if (this.#state !== "retired" || this.#readers > 0) return;
    this.#state = "closed";
    await this.#lines.close();
    await this.#index.close();
  }

  async #find(key: Buffer): Promise<Place | undefined> {
    const beginning = beginningOf(key, this.#bits);
    let low = this.#before[beginning] ?? 0;
    let high = this.#before[beginning + 1] ?? 0;
    while (high - low > WINDOW_RECORDS) {
      const middle = (low + high) >>> 1;
      const record = await readAt(this.#index, middle * RECORD_BYTES, KEY_BYTES);
      if (key.compare(record, 0, KEY_BYTES, 0, KEY_BYTES) < 0) high = middle;
      else low = middle;
    }
    if (low === high) return undefined;
    const records = await readAt(this.#index, low * RECORD_BYTES, (high - low) * RECORD_BYTES);
    return findIn(records, key);
  }
}

/** Binary search among sorted records. */
function findIn(records: Buffer, key: Buffer): Place | undefined {
  let low = 0;
  let high = records.length / RECORD_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * RECORD_BYTES;
    const order = key.compare(records, at, at + KEY_BYTES, 0, KEY_BYTES);
    if (order === 0) return readPlace(records, at);
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return undefined;
}

async function readTable(
  index: FileHandle,
  path: string,
): Promise<{ description: z.infer<typeof descriptionSchema>; before: Uint32Array }> {
  const damaged = (cause?: unknown): FunprmError =>
    new FunprmError(
      "input",
      `${path}: expected the index of a pack, got something else. Remove it with its ${PACK} file: what they hold is done again.`,
      { cause },
    );
  const { size } = await index.stat();
  if (size < TAIL_BYTES) throw damaged();
  const tail = await readAt(index, size - TAIL_BYTES, TAIL_BYTES);
  const length = tail.readUInt32LE();
  if (!tail.subarray(4).equals(MARK) || length > size - TAIL_BYTES) throw damaged();
  let description: z.infer<typeof descriptionSchema>;
  try {
    const text = await readAt(index, size - TAIL_BYTES - length, length);
    description = descriptionSchema.parse(JSON.parse(text.toString("utf8")));
  } catch (error) {
    throw damaged(error);
  }
  const entries = (1 << description.bits) + 1;
  if (size !== description.count * RECORD_BYTES + entries * 4 + length + TAIL_BYTES) throw damaged();
  const table = await readAt(index, description.count * RECORD_BYTES, entries * 4);
  return { description, before: Uint32Array.from({ length: entries }, (_, i) => table.readUInt32LE(i * 4)) };
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const KEY_START = '{"key":"'.length;

/** The key of an entry's line, which begins with it. */
function keyOfLine(line: Buffer): string {
  return line.toString("latin1", KEY_START, KEY_START + 64);
}
