import { mkdtemp, open, rm, stat, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { sourceName, type Source } from "./text/bytes.ts";
import { decodeUtf8 } from "./text/lines.ts";
import { IdMap } from "./problem-map.ts";
import { openProblems, parseProblem, refuseSecond } from "./problems.ts";
import { recordsOf } from "./text/json-records.ts";

interface Location {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Problems with their tests, one at a time by id, from a file of any size: only ids and offsets stay in memory.
 * A gzipped file or a stream is unpacked into a temporary file without a name, which takes room until `close`.
 */
export class ProblemIndex {
  readonly #file: string;
  readonly #handle: FileHandle | null;
  readonly #places: IdMap<Location>;
  readonly #only: Problem | null;

  private constructor(
    file: string,
    handle: FileHandle | null,
    places: IdMap<Location>,
    only: Problem | null,
  ) {
    this.#file = file;
    this.#handle = handle;
    this.#places = places;
    this.#only = only;
  }

  /** Reads the whole source once. Throws what `readProblems` throws. */
  static async open(source: Source): Promise<ProblemIndex> {
    const file = sourceName(source);
    const places = new IdMap<Location>();
    const at = { line: 1 };
    const opened = await openProblems(source, () => `${file}:${at.line}`);
    if ("stated" in opened) {
      places.add(opened.stated.id, undefined, { line: 1, start: 0, end: 0 });
      return new ProblemIndex(file, null, places, opened.stated);
    }
    const { bytes } = opened;
    const plain = typeof source === "string" && (await isPlainFile(source)) ? source : null;
    const folder = plain === null ? await temporaryFolder(file) : null;
    try {
      const path = plain ?? join(folder ?? "", "problems.jsonl");
      // Records are read while they are unpacked, so that one without an end does not fill the disk first.
      const kept = plain === null ? keptAt(path, bytes, file) : bytes;
      const lineOf = new Map<string, number>();
      for await (const record of recordsOf(kept, file, at)) {
        const { id, meta } = parseProblem(record, "drop");
        refuseSecond(lineOf, id, record);
        places.add(id, meta["suite"], { line: record.line, start: record.start, end: record.end });
      }
      return new ProblemIndex(file, await open(path), places, null);
    } finally {
      // An open file needs no name, and what has none is gone with this process, however that ends.
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    }
  }

  /** The ids in the order of the file. */
  get ids(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** The problem with its tests, or undefined; other spellings of its id find it too (IdMap). */
  async get(id: string): Promise<Problem | undefined> {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    if (this.#handle === null) return this.#only ?? undefined;
    const bytes = Buffer.alloc(place.end - place.start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(
        bytes,
        filled,
        bytes.length - filled,
        place.start + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const text = decodeUtf8(bytes.subarray(0, filled), `${this.#file}:${place.line}`);
    return parseProblem({ ...place, text, file: this.#file }, "keep");
  }

  /** Closes the file; what was unpacked is gone with it. */
  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

/** The same bytes, written to the file as they pass. */
async function* keptAt(path: string, bytes: AsyncGenerator<Buffer>, file: string): AsyncGenerator<Buffer> {
  const refuse = (error: unknown): never => {
    throw notUnpacked(file, error);
  };
  const handle = await open(path, "wx").catch(refuse);
  try {
    for await (const chunk of bytes) {
      await handle.writeFile(chunk).catch(refuse);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

async function temporaryFolder(file: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "funprm-problems-"));
  } catch (error) {
    throw notUnpacked(file, error);
  }
}

function notUnpacked(file: string, cause: unknown): FunprmError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError(
    "input",
    `${file}: expected room to unpack it in ${tmpdir()}, got ${why}. Name another folder with TMPDIR, or unpack the file yourself.`,
    { cause },
  );
}

async function isPlainFile(path: string): Promise<boolean> {
  // A pipe gives its bytes once, and opening one may block for ever.
  if (path === "-" || (await stat(path).catch(() => null))?.isFile() !== true) return false;
  const handle = await open(path).catch(() => null);
  // What cannot be opened is reported by the reader, with its reason.
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).catch(() => ({
      buffer: Buffer.alloc(2),
      bytesRead: 0,
    }));
    return !(bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b);
  } finally {
    await handle.close();
  }
}
