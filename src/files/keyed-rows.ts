import { FunprmError } from "../core/errors.ts";
import { type AppendOptions, AppendOnlyFile, readWholeLinesOf } from "./append-file.ts";

/** A stored value as a row; undefined for one that is none. */
type ReadRow<Row> = (value: unknown) => Row | undefined;

export interface RowsOptions {
  /** The field of a line that holds the row. */
  readonly field?: string;
  /** The option that names another place, for messages. */
  readonly flag?: string;
  readonly lock?: AppendOptions["lock"];
}

/**
 * Rows by key in a file that only grows, one JSON line `{"key", "row"}` each: what is finished and need not be done
 * again. A line that does not read back (a damaged disk) counts as not there, and so its work is done again.
 */
export class KeyedRows<Row> {
  readonly #path: string;
  /** undefined: opened for reading. */
  readonly #file: AppendOnlyFile | undefined;
  readonly #rows: Map<string, Row>;
  readonly #read: ReadRow<Row>;
  readonly #options: RowsOptions;

  private constructor(
    path: string,
    file: AppendOnlyFile | undefined,
    rows: Map<string, Row>,
    read: ReadRow<Row>,
    options: RowsOptions,
  ) {
    this.#path = path;
    this.#file = file;
    this.#rows = rows;
    this.#read = read;
    this.#options = options;
  }

  /**
   * Opens or makes the file. `read` turns a stored value into a row, or gives undefined for one that is none.
   * @throws FunprmError `input` when the file cannot be opened, `usage` when another process holds its lock
   */
  static async open<Row>(
    path: string,
    read: ReadRow<Row>,
    options: RowsOptions = {},
  ): Promise<KeyedRows<Row>> {
    const rows = new Map<string, Row>();
    try {
      const { lock } = options;
      const onLine = (line: string): void => keep(rows, line, read, options);
      const file = await AppendOnlyFile.open(path, { onLine, ...(lock !== undefined && { lock }) });
      return new KeyedRows(path, file, rows, read, options);
    } catch (cause) {
      throw refusal(path, "cannot be opened", options, cause);
    }
  }

  /** The rows of a file that another process may be writing; it need not be there. @throws FunprmError `input` */
  static async read<Row>(path: string, read: ReadRow<Row>): Promise<KeyedRows<Row>> {
    const rows = new Map<string, Row>();
    try {
      await readWholeLinesOf(path, (line) => keep(rows, line, read, {}));
    } catch (cause) {
      throw refusal(path, "cannot be read", {}, cause);
    }
    return new KeyedRows(path, undefined, rows, read, {});
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
    if (this.#file === undefined) throw new Error(`${this.#path} was opened for reading`);
    const line = JSON.stringify({ key, [this.#options.field ?? "row"]: row });
    this.#rows.set(key, this.#read(entryOf(line, this.#options)?.row) ?? row);
    await this.#file.append(line).catch((cause: unknown) => {
      throw refusal(this.#path, "cannot be written", this.#options, cause);
    });
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

function keep<Row>(rows: Map<string, Row>, line: string, read: ReadRow<Row>, options: RowsOptions): void {
  const entry = entryOf(line, options);
  const row = entry && read(entry.row);
  if (entry !== undefined && row !== undefined) rows.set(entry.key, row);
}

function entryOf(
  line: string,
  { field = "row" }: RowsOptions,
): { readonly key: string; readonly row: unknown } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null || !("key" in entry)) return undefined;
    const row = Object.entries(entry).find(([name]) => name === field);
    return typeof entry.key === "string" && row !== undefined ? { key: entry.key, row: row[1] } : undefined;
  } catch {
    return undefined;
  }
}

function refusal(path: string, what: string, { flag = "--out" }: RowsOptions, cause: unknown): unknown {
  if (cause instanceof FunprmError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError(
    "input",
    `${path}: ${what}: ${why}; free space, or name another folder with ${flag}`,
    {
      cause,
    },
  );
}
