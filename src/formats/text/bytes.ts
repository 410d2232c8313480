import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FunprmError } from "../../core/errors.ts";
import { isStdin } from "../../files/opened-by-shell.ts";
import { openBytes } from "./open-bytes.ts";

/** Where records come from: a path, "-" for standard input, or any stream of bytes. */
export type Source = string | Readable;

/** What one file may inflate to. Only one record of it is ever in memory, but reading it all takes hours. */
const MAX_INFLATED_BYTES = 64 * 2 ** 30;

export interface ByteOptions {
  /** A gzip file that inflates to more is refused. Default: 64 GiB. */
  readonly maxInflatedBytes?: number;
}

/** What messages and records call a source. */
export function sourceName(source: Source): string {
  return source === "-" || typeof source !== "string" ? "stdin" : source;
}

/**
 * The bytes of a source, unpacked if they begin like a gzip file whatever its name says; several gzip members in a
 * row are one text. `place` names the position reached so far, for messages.
 * Throws FunprmError("input") for what cannot be opened, read or unpacked, is no regular file, or inflates too far.
 */
export async function* readBytes(
  source: Source,
  place: () => string,
  options: ByteOptions = {},
): AsyncGenerator<Buffer> {
  const raw = await openSource(source);
  const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  try {
    const head = await atLeastTwoBytes(chunks);
    const all = prepend(head, chunks);
    if (head[0] === 0x1f && head[1] === 0x8b)
      yield* gunzip(all, place, options.maxInflatedBytes ?? MAX_INFLATED_BYTES);
    else yield* all;
  } catch (error) {
    throw error instanceof FunprmError ? error : openError(error, sourceName(source));
  } finally {
    await chunks.return?.();
  }
}

async function openSource(source: Source): Promise<Readable> {
  if (typeof source !== "string") return source;
  // By its name it cannot be opened where it is a socket, as other programs' children have it.
  if (isStdin(source)) return process.stdin;
  try {
    return await openBytes(source);
  } catch (error) {
    throw error instanceof FunprmError ? error : openError(error, source);
  }
}

async function atLeastTwoBytes(chunks: AsyncIterator<Buffer | string>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) return head;
    head = Buffer.concat([head, toBuffer(next.value)]);
  }
  return head;
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield toBuffer(next.value);
}

function toBuffer(chunk: Buffer | string): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* gunzip(
  packed: AsyncGenerator<Buffer>,
  place: () => string,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let inflated = 0;
  let taken = 0;
  let last: Buffer = Buffer.alloc(0);
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of packed) {
      taken += chunk.length;
      last = chunk;
      yield chunk;
    }
  };
  const unpacker = createGunzip();
  pipeline(Readable.from(counted(), { objectMode: false }), unpacker, () => {
    // The error reaches the reader of `unpacker` below.
  });
  try {
    const unpacked: AsyncIterable<Buffer> = unpacker;
    for await (const chunk of unpacked) {
      inflated += chunk.length;
      if (inflated > maxBytes) {
        throw new FunprmError(
          "input",
          `${place()}: expected a gzip file that inflates to at most ${maxBytes} bytes, got a larger one. ` +
            "Unpack and look at it first; if it is what you want, split it.",
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (!isGzipError(error)) throw error;
    throw new FunprmError(
      "input",
      `${place()}: expected a whole gzip file, but it is ${error.code === "Z_BUF_ERROR" ? "cut off" : "damaged"} ` +
        `(${error.message}). Copy or download it again.`,
      { cause: error },
    );
  } finally {
    unpacker.destroy();
  }
  // Node stops silently at bytes that begin no further member; only zeros are harmless padding there.
  const left = taken - unpacker.bytesWritten;
  if (left > 0 && (left > last.length || last.subarray(-left).some((byte) => byte !== 0))) {
    throw new FunprmError(
      "input",
      `${place()}: expected the end of the gzip file, got ${left} more bytes that are not gzip. Pack the file again.`,
    );
  }
}

function isGzipError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")
  );
}

const OPEN_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "expected a file, found nothing there. Check the path.",
  ENOTDIR: "expected a file, but a part of the path is no folder. Check the path.",
  EISDIR: "expected a file, got a folder. Name a file in it.",
  EACCES: "expected a readable file, but reading it is not permitted. Check its permissions.",
  EPERM: "expected a readable file, but reading it is not permitted. Check its permissions.",
};

function openError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return new FunprmError("input", `${name}: ${OPEN_ERRORS[code] ?? `cannot be read: ${error.message}`}`, {
    cause: error,
  });
}
