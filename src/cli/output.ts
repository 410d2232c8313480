import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { FunprmError } from "../core/errors.ts";
import { removeLeftovers, temporaryName } from "../files/atomic-file.ts";

/** Where a command's data goes: stdout, or a file that appears whole or not at all. */
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
  await removeLeftovers(dirname(path), basename(path));
  const partial = temporaryName(path, "0");
  const stream = createWriteStream(partial);
  try {
    await once(stream, "open");
  } catch (error) {
    throw unwritable(path, error);
  }
  return fileWriter(stream, partial, path);
}

/** A file or folder named with --out that does not take what is to be written; a full disk, say. */
export function unwritable(path: string, cause: unknown): FunprmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError("usage", `--out ${path}: cannot be written: ${reason}`, { cause });
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
      if (!process.stdout.write(text)) await once(process.stdout, "drain");
    },
    async finish() {},
    async discard() {},
  };
}

function fileWriter(stream: WriteStream, partial: string, path: string): DataWriter {
  let failure: FunprmError | undefined;
  // An error may come at any time, not only while a write is awaited.
  stream.on("error", (error) => (failure ??= unwritable(path, error)));
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  const drained = (): Promise<unknown> =>
    Promise.race([closed, new Promise<void>((resolve) => stream.once("drain", () => resolve()))]);
  return {
    async write(text) {
      if (failure === undefined && !stream.write(text)) await drained();
      if (failure !== undefined) throw failure;
    },
    async finish() {
      stream.end();
      await closed;
      if (failure !== undefined) throw failure;
      await rename(partial, path);
    },
    async discard() {
      stream.destroy();
      await closed;
      await rm(partial, { force: true });
    },
  };
}
