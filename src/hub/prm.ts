import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { lockFolder } from "../files/lock.ts";
import { loadManifest, sha256OfFile } from "../prm/manifest/folder.ts";
import { MANIFEST_NAME, parseManifest, externalWeights } from "../prm/manifest/manifest.ts";
import type { ManifestFile, PrmManifest } from "../prm/manifest/manifest.ts";
import { download, type DownloadProgress, downloadText } from "./download.ts";
import { encodedPath, hubEndpoint } from "./endpoint.ts";
import type { HubFile } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/** `org/name`, or `org/name@revision` with a branch, tag or commit. */
export interface HubId {
  readonly repository: string;
  readonly revision: string;
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

const OTHERWISE = "give a PRM folder";

/** Downloads of this process, by folder: who asks for the same one waits for it. */
const running = new Map<string, Promise<void>>();

/**
 * Gives the cached copy of a hub's PRM, which is downloaded when it is not there, not whole or not what its
 * manifest says. A whole copy is never asked about again: to get a newer one, name its revision.
 *
 * Every file is checked before it gets its name, the manifest last; so another run goes on where one was cut off, and
 * a folder with a manifest is whole.
 *
 * @throws FunprmError("model"), FunprmError("usage") while another process downloads it, or FunprmError("interrupted")
 * after an abort.
 */
export async function fetchPrm(id: HubId, hub: HubSettings, options: DownloadProgress = {}): Promise<string> {
  const folder = join(
    hub.cacheFolder,
    `models--${id.repository.replace("/", "--")}`,
    id.revision.replaceAll("/", "--"),
  );
  const before = running.get(folder) ?? Promise.resolve();
  const work = before.catch(() => {}).then(() => bring(id, folder, hub, options));
  running.set(folder, work);
  try {
    await work;
  } finally {
    if (running.get(folder) === work) running.delete(folder);
  }
  return folder;
}

async function bring(id: HubId, folder: string, hub: HubSettings, options: DownloadProgress): Promise<void> {
  const cached = await loadManifest(folder).catch((error: unknown) => error);
  if (!(cached instanceof Error)) return;
  if (!hub.offline) return downloadLocked(id, folder, hub, options);
  throw new FunprmError(
    "model",
    `expected a copy of ${id.repository}@${id.revision} in ${folder} while offline, but: ${cached.message} ` +
      `Unset HF_HUB_OFFLINE to download it, or ${OTHERWISE}.`,
    { cause: cached },
  );
}

async function downloadLocked(
  id: HubId,
  folder: string,
  hub: HubSettings,
  options: DownloadProgress,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const lock = await lockFolder(folder, "download", OTHERWISE);
    try {
      await downloadPrm(id, folder, hub, options);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new FunprmError(
        "interrupted",
        `the download of ${id.repository} was interrupted; what has arrived is kept`,
        { cause: error },
      );
    }
    if (error instanceof FunprmError) throw error;
    throw new FunprmError(
      "model",
      `expected to keep ${id.repository} in ${folder}, got ${error instanceof Error ? error.message : String(error)}. ` +
        "Make room there, or name another place with HF_HOME.",
      { cause: error },
    );
  }
}

async function downloadPrm(
  id: HubId,
  folder: string,
  hub: HubSettings,
  options: DownloadProgress,
): Promise<void> {
  const endpoint = await hubEndpoint(hub);
  const at = (path: string): HubFile => ({
    address: `${endpoint}/${id.repository}/resolve/${encodeURIComponent(id.revision)}/${encodedPath(path)}`,
    token: hub.token,
    wording: { code: "model", collection: "repository", otherwise: OTHERWISE },
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  const manifestAt = at(MANIFEST_NAME);
  const text = await downloadText(manifestAt, LARGEST_MANIFEST);
  const manifest = parseManifest(text, manifestAt.address);
  if (manifest.endpoint !== undefined) {
    // Statements and programs would go to whoever published the manifest.
    throw new FunprmError(
      "model",
      `${manifestAt.address}: expected weights, got the address of a server, ${manifest.endpoint.url}. ` +
        "Only a folder of your own may name a server: write its prm.json yourself if you trust it.",
    );
  }
  for (const file of filesInUse(manifest)) {
    const target = join(folder, file.path);
    if ((await sha256OfFile(target).catch(() => null)) === file.sha256) continue;
    await mkdir(dirname(target), { recursive: true });
    const { onProgress, onStart } = options;
    await download({
      ...at(file.path),
      name: file.path,
      target,
      expected: file,
      ...(onStart !== undefined && { onStart }),
      ...(onProgress !== undefined && { onProgress: (name, done) => onProgress(name, done, file.bytes) }),
    });
  }
  await writeFileAtomically(join(folder, MANIFEST_NAME), text);
}

/** What scoring needs; further fp32 weights stay where they are. */
function filesInUse(manifest: PrmManifest): ManifestFile[] {
  const { files } = manifest;
  const weights = files.model === undefined ? [] : [...externalWeights(manifest, files.model), files.model];
  return [
    files.tokenizer,
    ...(files.tokenizerConfig === undefined ? [] : [files.tokenizerConfig]),
    ...weights,
  ];
}
