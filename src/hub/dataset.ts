import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { FunprmError } from "../core/errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { hubEndpoint } from "./hub.ts";
import type { HubSettings } from "./settings.ts";
import { lockFolder } from "../files/lock.ts";
import { unwritable } from "../files/write-refusal.ts";
import type { SuiteFile } from "../bench/suites/suite.ts";

export interface DatasetDownload {
  readonly signal?: AbortSignal;
  /** Called before the first byte: how large the file is (null: the hub does not say), and how much of it is here. */
  readonly onStart?: (file: string, totalBytes: number | null, doneBytes: number) => void;
  readonly onProgress?: (file: string, doneBytes: number, totalBytes: number | null) => void;
}

/** Transfers that are begun for one file before it is given up; each goes on where the last one was cut. */
const ATTEMPTS = 5;
const MOST_REDIRECTS = 5;

/**
 * The cached copy of a data set's file, downloaded when it is not there. A download that was cut goes on from what has
 * arrived; the sum that the hub names is checked before the file gets its name. A whole copy is never asked about again.
 *
 * @throws FunprmError `input` when it cannot be had, `interrupted` after an abort
 */
export async function fetchDatasetFile(
  file: SuiteFile,
  hub: HubSettings,
  options: DatasetDownload = {},
): Promise<string> {
  const folder = join(hub.cacheFolder, `datasets--${file.repository.replace("/", "--")}`, file.revision);
  const target = join(folder, ...file.path.split("/"));
  if (await exists(target)) return target;
  if (hub.offline) {
    throw new FunprmError(
      "input",
      `expected a copy of ${file.repository}/${file.path} in ${folder} while offline, but there is none. ` +
        "Unset HF_HUB_OFFLINE to download it, or give your own copy with --problems.",
    );
  }
  try {
    await mkdir(dirname(target), { recursive: true });
    return await downloadLocked(file, folder, target, hub, options);
  } catch (error) {
    throw unwritable(folder, error, "name another place with HF_HOME");
  }
}

async function downloadLocked(
  file: SuiteFile,
  folder: string,
  target: string,
  hub: HubSettings,
  options: DatasetDownload,
): Promise<string> {
  const lock = await lockFolder(folder, "download", "give your own copy with --problems");
  try {
    // Another process may have brought it while this one took the lock.
    if (await exists(target)) return target;
    const address = `${await hubEndpoint(hub)}/datasets/${file.repository}/resolve/${encodeURIComponent(file.revision)}/${encodedPath(file.path)}`;
    await download({
      address,
      name: `${file.repository}/${file.path}`,
      target,
      token: hub.token,
      ...options,
    });
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new FunprmError(
        "interrupted",
        `the download of ${file.path} was interrupted; what has arrived is kept`,
        {
          cause: error,
        },
      );
    }
    throw error;
  } finally {
    await lock.release();
  }
  return target;
}

interface Transfer extends DatasetDownload {
  readonly address: string;
  readonly name: string;
  readonly target: string;
  readonly token: string | null;
}

async function download(transfer: Transfer): Promise<void> {
  const partial = `${transfer.target}.partial`;
  for (let attempt = 1; ; attempt++) {
    try {
      const sum = await receive(transfer, partial);
      await check(transfer, partial, sum);
      await rename(partial, transfer.target);
      await rm(`${partial}.etag`, { force: true });
      return;
    } catch (error) {
      // What the hub refuses it refuses again; a cut connection may come back.
      const told = unwritable(partial, error, "name another place with HF_HOME");
      if (told instanceof FunprmError) throw told;
      if (transfer.signal?.aborted === true || attempt === ATTEMPTS) throw failed(transfer, error);
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
    await rm(partial, { force: true });
    await rm(`${partial}.etag`, { force: true });
    return receive(transfer, partial);
  }
  const done = answer.status === 206 ? size : 0;
  if (answer.tag !== null) await writeFileAtomically(`${partial}.etag`, answer.tag);
  transfer.onStart?.(transfer.name, answer.totalBytes, done);
  let bytes = done;
  const { body } = answer;
  if (body === null) throw new Error("an answer without a body");
  const handle = await open(partial, done > 0 ? "a" : "w");
  try {
    // Chunk by chunk onto the disk: what has arrived when the connection is cut need not come again.
    for await (const chunk of Readable.fromWeb(body)) {
      await handle.appendFile(chunk);
      bytes += chunk.length;
      transfer.onProgress?.(transfer.name, bytes, answer.totalBytes);
    }
  } finally {
    await handle.close();
  }
  if (answer.totalBytes !== null && bytes < answer.totalBytes) throw new Error(`cut after ${bytes} bytes`);
  return answer.tag;
}

interface Answer {
  readonly status: number;
  readonly body: Response["body"];
  /** X-Linked-ETag or ETag of the hub's first answer, without quotes. */
  readonly tag: string | null;
  readonly totalBytes: number | null;
}

/** Follows redirects itself: size and sum stand in the hub's own answer, and the token is for the hub alone. */
async function request(transfer: Transfer, from: number): Promise<Answer> {
  let address = new URL(transfer.address);
  const { origin } = address;
  let tag: string | null = null;
  let linkedSize: number | null = null;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await fetch(address, {
      redirect: "manual",
      headers: {
        // A packed answer would make sizes and ranges mean something else.
        "accept-encoding": "identity",
        ...(transfer.token !== null &&
          address.origin === origin && { authorization: `Bearer ${transfer.token}` }),
        ...(from > 0 && { range: `bytes=${from}-` }),
      },
      ...(transfer.signal !== undefined && { signal: transfer.signal }),
    });
    const { headers, status } = response;
    tag ??= unquoted(headers.get("x-linked-etag"));
    linkedSize ??= sizeOf(headers.get("x-linked-size"));
    const location = headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      await response.body?.cancel();
      address = new URL(location, address);
      continue;
    }
    if (!response.ok && status !== 416) {
      await response.body?.cancel();
      if (status >= 500 || status === 429) throw new Error(`HTTP ${status}`);
      throw refusal(transfer, "the file", `HTTP ${status}${hint(status)}`);
    }
    const length = sizeOf(headers.get("content-length"));
    const range = sizeOf(/\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ?? null);
    const totalBytes = linkedSize ?? range ?? (status === 200 ? length : null);
    return { status, body: response.body, tag: tag ?? unquoted(headers.get("etag")), totalBytes };
  }
  throw refusal(transfer, `at most ${MOST_REDIRECTS} redirects`, "more");
}

/** The tag of a large file is its sha256; that of a small one is git's name of it, which is not checked. */
async function check(transfer: Transfer, path: string, tag: string | null): Promise<void> {
  if (tag === null || !/^[0-9a-f]{64}$/.test(tag)) return;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const sum = hash.digest("hex");
  if (sum === tag) return;
  await rm(path, { force: true });
  await rm(`${path}.etag`, { force: true });
  throw refusal(transfer, `sha256 ${tag}`, sum);
}

function unquoted(tag: string | null): string | null {
  return tag === null ? null : tag.replace(/^W\//, "").replaceAll('"', "");
}

function sizeOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function encodedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function failed(transfer: Transfer, error: unknown): FunprmError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return refusal(
    transfer,
    "the file",
    `a failed transfer (${cause instanceof Error ? cause.message : String(cause)})`,
    error,
  );
}

function refusal({ address }: Transfer, expected: string, got: string, cause?: unknown): FunprmError {
  return new FunprmError(
    "input",
    `${address}: expected ${expected}, got ${got}. ` +
      "Run the command again to go on where it stopped, or give your own copy with --problems.",
    { cause },
  );
}

function hint(status: number): string {
  if (status === 401 || status === 403) return ": no such data set, or one that needs a token in HF_TOKEN";
  if (status === 404) return ": no such data set or revision, or one without this file";
  return "";
}
