import { once } from "node:events";
import { FunprmError } from "../core/errors.ts";
import { AtomicFile } from "../files/atomic-file.ts";
import { printableFile } from "./printable.ts";

/** Characters that go to the disk together: lines are short. */
const WRITE_LENGTH = 1 << 16;

/**
 * Where a command's data goes: stdout, or a file that appears whole or not at all. Data pass as they are, but not to a
 * terminal, which would obey what is in them.
 */
export interface DataWriter {
  /** Resolves when the text may be followed by more, so that a slow reader slows the command down. */
  write(text: string): Promise<void>;
  /** Ends the output; only now does a file get its name. */
  finish(): Promise<void>;
  /** Drops an unfinished file. */
  discard(): Promise<void>;
}

export async function openOutput(path: string | undefined): Promise<DataWriter> {
  if (path === undefined || path === "-") return stdoutWriter();
  let file: AtomicFile;
  try {
    file = await AtomicFile.open(path);
  } catch (error) {
    throw error instanceof FunprmError ? error : unwritable(path, error);
  }
  return fileWriter(file, path);
}

/** A file or folder named with --out that does not take what is to be written; a full disk, say. */
function unwritable(path: string, cause: unknown): FunprmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError("usage", `--out ${path}: cannot be written: ${reason}`, { cause });
}

/** A line of data on stdout: a path or an address that a command prints when it is done. */
export async function printLine(text: string): Promise<void> {
  await stdoutWriter().write(`${text}\n`);
}

/** Runs `body` with an output that is finished when it succeeds and discarded when it throws. */
export async function withOutput<T>(
  path: string | undefined,
  body: (output: DataWriter) => Promise<T>,
): Promise<T> {
  const output = await openOutput(path);
  try {
    const result = await body(output);
    await output.finish();
    return result;
  } catch (error) {
    await output.discard();
    throw error;
  }
}

function stdoutWriter(): DataWriter {
  return {
    async write(text) {
      const shown = process.stdout.isTTY ? printableFile(text) : text;
      if (!process.stdout.write(shown)) await once(process.stdout, "drain");
    },
    async finish() {},
    async discard() {},
  };
}

function fileWriter(file: AtomicFile, path: string): DataWriter {
  let waiting = "";
  const write = async (text: string): Promise<void> => {
    try {
      await file.handle.appendFile(text);
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  return {
    async write(text) {
      waiting += text;
      if (waiting.length < WRITE_LENGTH) return;
      const written = waiting;
      waiting = "";
      await write(written);
    },
    async finish() {
      await write(waiting);
      await file.commit().catch((error: unknown) => {
        throw unwritable(path, error);
      });
    },
    discard: () => file.discard(),
  };
}
