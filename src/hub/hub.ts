import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FunprmError } from "../core/errors.ts";
import { loadManifest, sha256OfFile } from "../prm/manifest/folder.ts";
import type { HubSettings } from "./settings.ts";
import { MANIFEST_NAME, parseManifest, weightsBeside } from "../prm/manifest/manifest.ts";
import type { ManifestFile, PrmManifest } from "../prm/manifest/manifest.ts";

/** `org/name`, or `org/name@revision` with a branch, tag or commit. */
export interface HubId {
  readonly repository: string;
  readonly revision: string;
}

export interface DownloadOptions {
  /** Called as a file's bytes arrive. */
  readonly onProgress?: (file: string, doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

const ID = /^(?<repository>[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@(?<revision>[A-Za-z0-9][\w./-]*))?$/;

/** A manifest is a few hundred bytes; a page that is served in its place may be anything. */
const LARGEST_MANIFEST = 1 << 20;

/** Reads a hub id; null where the text has not the form of one. */
export function parseHubId(text: string): HubId | null {
  const groups = ID.exec(text)?.groups;
  if (groups?.["repository"] === undefined) return null;
  return { repository: groups["repository"], revision: groups["revision"] ?? "main" };
}

/**
 * Gives the cached copy of a hub's PRM, which is downloaded when it is not there, not whole or not what its
 * manifest says. A whole copy is never asked about again: to get a newer one, name its revision.
 *
 * Files arrive under a temporary name and are checked before they get their own, the manifest last; so another
 * run goes on where one was cut off, and a folder with a manifest is whole.
 *
 * @throws FunprmError("model"), or FunprmError("interrupted") after an abort.
 */
export async function fetchPrm(id: HubId, hub: HubSettings, options: DownloadOptions = {}): Promise<string> {
  const folder = join(
    hub.cacheFolder,
    `models--${id.repository.replace("/", "--")}`,
    id.revision.replaceAll("/", "--"),
  );
  const cached = await loadManifest(folder).catch((error: unknown) => error);
  if (!(cached instanceof Error)) return folder;
  if (hub.offline) {
    throw new FunprmError(
      "model",
      `expected a copy of ${id.repository}@${id.revision} in ${folder} while offline, but: ${cached.message} ` +
        "Unset HF_HUB_OFFLINE to download it, or give a PRM folder.",
      { cause: cached },
    );
  }
  const source = new HubSource(id, hub, options.signal, await hubEndpoint(hub));
  try {
    await download(source, folder, options);
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new FunprmError("interrupted", `the download of ${id.repository} was interrupted`, {
        cause: error,
      });
    }
    if (error instanceof FunprmError) throw error;
    throw new FunprmError(
      "model",
      `expected to keep ${id.repository} in ${folder}, got ${error instanceof Error ? error.message : String(error)}. ` +
        "Make room there, or name another place with HF_HOME.",
      { cause: error },
    );
  }
  return folder;
}

async function download(source: HubSource, folder: string, { onProgress }: DownloadOptions): Promise<void> {
  const text = await source.manifest();
  const manifest = parseManifest(text, source.address(MANIFEST_NAME));
  if (manifest.endpoint !== undefined) {
    // Statements and programs would go to whoever published the manifest.
    throw new FunprmError(
      "model",
      `${source.address(MANIFEST_NAME)}: expected weights, got the address of a server, ${manifest.endpoint.url}. ` +
        "Only a folder of your own may name a server: write its prm.json yourself if you trust it.",
    );
  }
  for (const file of filesInUse(manifest)) {
    const target = join(folder, file.path);
    if ((await sha256OfFile(target).catch(() => null)) === file.sha256) continue;
    await mkdir(dirname(target), { recursive: true });
    await intoPlace(target, (partial) => source.save(file, partial, onProgress));
  }
  await intoPlace(join(folder, MANIFEST_NAME), (partial) => writeFile(partial, text));
}

/** Writes under a temporary name beside the target, and renames when `write` is done. */
async function intoPlace(target: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    await write(partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/** What scoring needs; fp32 weights beside the main ones stay where they are. */
function filesInUse(manifest: PrmManifest): ManifestFile[] {
  const { files } = manifest;
  const weights = files.model === undefined ? [] : [...weightsBeside(manifest, files.model), files.model];
  return [
    files.tokenizer,
    ...(files.tokenizerConfig === undefined ? [] : [files.tokenizerConfig]),
    ...weights,
  ];
}

/** Base address of the hub, without a slash at its end. */
export async function hubEndpoint({ endpoint }: Pick<HubSettings, "endpoint">): Promise<string> {
  if (endpoint !== null) return endpoint.replace(/\/+$/, "");
  const { env } = await import("@huggingface/transformers");
  return env.remoteHost.replace(/\/+$/, "");
}

/** One revision of one repository on a hub. */
class HubSource {
  readonly #id: HubId;
  readonly #token: string | null;
  readonly #signal: AbortSignal | undefined;
  readonly #endpoint: string;

  constructor(id: HubId, { token }: HubSettings, signal: AbortSignal | undefined, endpoint: string) {
    this.#id = id;
    this.#token = token;
    this.#signal = signal;
    this.#endpoint = endpoint;
  }

  address(path: string): string {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const revision = encodeURIComponent(this.#id.revision);
    return `${this.#endpoint}/${this.#id.repository}/resolve/${revision}/${encoded}`;
  }

  async manifest(): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.#chunks(MANIFEST_NAME)) {
      bytes += chunk.length;
      if (bytes > LARGEST_MANIFEST) {
        throw this.#refuse(MANIFEST_NAME, `at most ${LARGEST_MANIFEST} bytes`, "more");
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  /** Streams a file to `path` and refuses it unless size and sha256 are the manifest's. */
  async save(file: ManifestFile, path: string, onProgress: DownloadOptions["onProgress"]): Promise<void> {
    const hash = createHash("sha256");
    let bytes = 0;
    const check = async function* (this: HubSource): AsyncGenerator<Uint8Array> {
      for await (const chunk of this.#chunks(file.path)) {
        bytes += chunk.length;
        if (bytes > file.bytes) throw this.#refuse(file.path, `${file.bytes} bytes`, "more");
        hash.update(chunk);
        onProgress?.(file.path, bytes, file.bytes);
        yield chunk;
      }
    };
    await pipeline(check.call(this), createWriteStream(path));
    if (bytes !== file.bytes) throw this.#refuse(file.path, `${file.bytes} bytes`, `${bytes}`);
    const sha256 = hash.digest("hex");
    if (sha256 !== file.sha256) throw this.#refuse(file.path, `sha256 ${file.sha256}`, sha256);
  }

  /** The bytes of a file as they arrive; what goes wrong on the way is a FunprmError that names the address. */
  async *#chunks(path: string): AsyncGenerator<Uint8Array> {
    try {
      const response = await fetch(this.address(path), {
        headers: this.#token === null ? {} : { authorization: `Bearer ${this.#token}` },
        ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      });
      if (!response.ok)
        throw this.#refuse(path, "the file", `HTTP ${response.status}${hint(response.status)}`);
      if (response.body !== null) yield* response.body;
    } catch (error) {
      if (error instanceof FunprmError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw this.#refuse(path, "the file", `a failed transfer (${String(cause)})`, error);
    }
  }

  #refuse(path: string, expected: string, got: string, cause?: unknown): FunprmError {
    const message =
      `${this.address(path)}: expected ${expected}, got ${got}. ` +
      "Run the command again to go on where it stopped, or give a PRM folder.";
    // HF_ENDPOINT may hold a name and a password.
    return new FunprmError("model", message.replaceAll(/\/\/[^/\s]*@/g, "//"), { cause });
  }
}

function hint(status: number): string {
  if (status === 401 || status === 403) return ": no such repository, or one that needs a token in HF_TOKEN";
  if (status === 404) return ": no such repository or revision, or one without this file";
  return "";
}
