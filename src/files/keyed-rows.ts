import { open, type FileHandle } from "node:fs/promises";
import { FunprmError } from "../core/errors.ts";

const LF = 0x0a;

/** A stored value as a row; undefined for one that is none. */
type ReadRow<Row> = (value: unknown) => Row | undefined;

/**
 * Rows by key in a file that only grows, one JSON line `{"key", "row"}` each: what a stage has finished. A line is
 * written whole, so a kill cuts the last one at most; it is removed when the file is opened again. A line that does
 * not read back (a damaged disk) counts as not there, and so its work is done again.
 */
export class RowFile<Row> {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #rows: Map<string, Row>;
  readonly #read: ReadRow<Row>;

  private constructor(path: string, handle: FileHandle, rows: Map<string, Row>, read: ReadRow<Row>) {
    this.#path = path;
    this.#handle = handle;
    this.#rows = rows;
    this.#read = read;
  }

  /**
   * Opens or makes the file. `read` turns a stored value into a row, or gives undefined for one that is none.
   * @throws FunprmError `input` when the file cannot be opened
   */
  static async open<Row>(path: string, read: ReadRow<Row>): Promise<RowFile<Row>> {
    const handle = await open(path, "a+").catch((cause: unknown) => {
      throw refusal(path, "cannot be opened", cause);
    });
    const bytes = await handle.readFile();
    const end = bytes.lastIndexOf(LF) + 1;
    if (end < bytes.length) await handle.truncate(end);
    const rows = new Map<string, Row>();
    for (const line of linesOf(bytes.subarray(0, end))) {
      const entry = entryOf(line);
      const row = entry && read(entry.row);
      if (entry !== undefined && row !== undefined) rows.set(entry.key, row);
    }
    return new RowFile(path, handle, rows, read);
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** All rows, in the order they were written. */
  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  /** Adds a row, in memory and on disk. In memory it is what a resumed run reads, down to the order of its fields. */
  async add(key: string, row: Row): Promise<void> {
    const line = JSON.stringify({ key, row });
    this.#rows.set(key, this.#read(entryOf(line)?.row) ?? row);
    await this.#handle.appendFile(`${line}\n`).catch((cause: unknown) => {
      throw refusal(this.#path, "cannot be written", cause);
    });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** One line after the other, so that a file of any size is never one string. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const stop = bytes.indexOf(LF, start);
    yield bytes.toString("utf8", start, stop);
    start = stop + 1;
  }
}

function entryOf(line: string): { readonly key: string; readonly row: unknown } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null || !("key" in entry) || !("row" in entry))
      return undefined;
    return typeof entry.key === "string" ? { key: entry.key, row: entry.row } : undefined;
  } catch {
    return undefined;
  }
}

function refusal(path: string, what: string, cause: unknown): FunprmError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError("input", `${path}: ${what}: ${why}; free space, or name another folder with --out`, {
    cause,
  });
}
