import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { FunprmError } from "../core/errors.ts";
import { publish, writeFileAtomically } from "../files/atomic-file.ts";
import { unwritable } from "../files/write-refusal.ts";
import { type HubFile, refusal, request } from "./request.ts";

export interface DownloadProgress {
  readonly signal?: AbortSignal;
  /** Called before the first byte: how large the file is (null: the hub does not say), and how much of it is here. */
  readonly onStart?: (file: string, totalBytes: number | null, doneBytes: number) => void;
  readonly onProgress?: (file: string, doneBytes: number, totalBytes: number | null) => void;
}

export interface Transfer extends HubFile, DownloadProgress {
  /** What progress calls it. */
  readonly name: string;
  readonly target: string;
  /** What the file must be; absent: what the hub says. */
  readonly expected?: { readonly bytes: number; readonly sha256: string };
}

/** Transfers that are begun for one file before it is given up; each goes on where the last one was cut. */
const ATTEMPTS = 5;

/**
 * Brings a file to its place. A download that was cut goes on from what has arrived, which is kept as `TARGET.partial` with the
 * hub's tag next to it; size and sum are checked before the file gets its name. The caller holds the folder's lock.
 *
 * @throws FunprmError of the file's code when it cannot be had
 */
export async function download(transfer: Transfer): Promise<void> {
  const partial = `${transfer.target}.partial`;
  await attempting(transfer, partial, async () => {
    const tag = await receive(transfer, partial);
    await check(transfer, partial, tag);
    await publish(partial, transfer.target);
    await rm(`${partial}.etag`, { force: true });
  });
}

/** A small file as text. @throws FunprmError of the file's code when it cannot be had or has more bytes */
export async function downloadText(file: HubFile, mostBytes: number): Promise<string> {
  return attempting(file, file.address, async () => {
    const { body } = await request(file, 0);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw refusal(file, `at most ${mostBytes} bytes`, "more");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  });
}

/** What the hub or the disk at `place` refuses is refused again; a cut connection may come back. */
async function attempting<T>(file: HubFile, place: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof FunprmError || unwritable(place, error) instanceof FunprmError) throw error;
      if (file.signal?.aborted === true || attempt === ATTEMPTS) throw failed(file, error);
    }
  }
}

/** Receives what is missing of the file; gives the tag that the hub has for the whole of it. */
async function receive(transfer: Transfer, partial: string): Promise<string | null> {
  const tag = await readFile(`${partial}.etag`, "utf8").catch(() => null);
  const size =
    tag === null
      ? 0
      : await stat(partial).then(
          (found) => found.size,
          () => 0,
        );
  const answer = await request(transfer, size);
  if (answer.status === 416 && answer.tag === tag && answer.totalBytes === size) {
    // All of it had arrived when the last command was killed.
    await answer.body?.cancel();
    return tag;
  }
  if (size > 0 && (answer.status === 416 || answer.tag !== tag)) {
    // The file on the hub is another one now, or smaller than what is here.
    await answer.body?.cancel();
    await removePartial(partial);
    return receive(transfer, partial);
  }
  const done = answer.status === 206 ? size : 0;
  const most = transfer.expected?.bytes ?? Number.POSITIVE_INFINITY;
  const tooLarge = (): FunprmError => refusal(transfer, `${most} bytes`, "more");
  if (answer.totalBytes !== null && answer.totalBytes > most) {
    await answer.body?.cancel();
    throw tooLarge();
  }
  if (answer.tag !== null) await writeFileAtomically(`${partial}.etag`, answer.tag);
  transfer.onStart?.(transfer.name, answer.totalBytes, done);
  let bytes = done;
  const { body } = answer;
  if (body === null) throw new Error("an answer without a body");
  const handle = await open(partial, done > 0 ? "a" : "w");
  try {
    // Chunk by chunk onto the disk: what has arrived when the connection is cut need not come again.
    for await (const chunk of Readable.fromWeb(body)) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge();
      await handle.appendFile(chunk);
      transfer.onProgress?.(transfer.name, bytes, answer.totalBytes);
    }
  } catch (error) {
    if (error instanceof FunprmError) await removePartial(partial);
    throw error;
  } finally {
    await handle.close();
  }
  if (answer.totalBytes !== null && bytes < answer.totalBytes) throw new Error(`cut after ${bytes} bytes`);
  return answer.tag;
}

/** The tag of a large file is its sha256; that of a small one is git's name of it, which is not checked. */
async function check(transfer: Transfer, path: string, tag: string | null): Promise<void> {
  const { expected } = transfer;
  const { size } = await stat(path);
  if (expected !== undefined && size !== expected.bytes) {
    await removePartial(path);
    throw refusal(transfer, `${expected.bytes} bytes`, `${size}`);
  }
  const wanted = expected?.sha256 ?? (tag !== null && /^[0-9a-f]{64}$/.test(tag) ? tag : undefined);
  if (wanted === undefined) return;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const sum = hash.digest("hex");
  if (sum === wanted) return;
  await removePartial(path);
  throw refusal(transfer, `sha256 ${wanted}`, sum);
}

async function removePartial(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(`${partial}.etag`, { force: true });
}

function failed(file: HubFile, error: unknown): FunprmError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return refusal(file, "the file", `a failed transfer (${why})`, error);
}
