import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { FunprmError } from "../../core/errors.ts";
import { readSmallFile } from "../../files/small-file.ts";
import { MANIFEST_NAME, parseManifest, externalWeights } from "./manifest.ts";
import type { ManifestFile, Precision, PrmManifest } from "./manifest.ts";

/** Which weights of a folder to use: those it is meant to run with, or its full-precision ones. */
export type Weights = "model" | "modelFp32";

/** A PRM folder whose files are there and are those that its manifest lists. */
export interface PrmFolder {
  readonly folder: string;
  readonly manifest: PrmManifest;
  /** See `sha256Of`. */
  readonly sha256: string;
  readonly precision: Precision;
  /** Absolute paths. */
  readonly paths: {
    readonly model: string;
    readonly tokenizer: string;
    readonly tokenizerConfig: string | null;
  };
}

/**
 * Reads and verifies a PRM folder: manifest, and place, size and sha256 of every file that scoring uses.
 *
 * @throws FunprmError("model") for the first mismatch.
 */
export async function loadManifest(dir: string, weights: Weights = "model"): Promise<PrmFolder> {
  const { folder, manifest, text } = await openFolder(dir);
  const { files } = manifest;
  const model = files[weights];
  if (model === undefined) {
    throw new FunprmError(
      "model",
      `${join(folder, MANIFEST_NAME)}: field "files.${weights}": expected an entry for the weights asked for, got nothing. ` +
        "Use the folder's main weights, or export the model with its fp32 weights.",
    );
  }
  const external = externalWeights(manifest, model);
  for (const [index, entry] of external.entries()) await verifyFile(folder, `externalData.${index}`, entry);
  return {
    folder,
    manifest,
    sha256: sha256Of(text, weights),
    precision: model.precision,
    paths: {
      model: await verifyFile(folder, weights, model),
      ...(await tokenizerPaths(folder, manifest)),
    },
  };
}

/** A PRM folder whose weights a server has. */
export interface RemotePrmFolder {
  readonly manifest: PrmManifest;
  readonly endpoint: NonNullable<PrmManifest["endpoint"]>;
  /** See `sha256Of`; a server does not say which weights it has. */
  readonly sha256: string;
  /** Absolute paths. */
  readonly paths: Omit<PrmFolder["paths"], "model">;
}

/**
 * Reads a PRM folder that names a server, and verifies its tokenizer; null where it holds the weights itself.
 *
 * @throws FunprmError("model") for the first mismatch.
 */
export async function loadRemoteManifest(dir: string): Promise<RemotePrmFolder | null> {
  const { folder, manifest, text } = await openFolder(dir);
  if (manifest.endpoint === undefined) return null;
  return {
    manifest,
    endpoint: manifest.endpoint,
    sha256: sha256Of(text),
    paths: await tokenizerPaths(folder, manifest),
  };
}

/**
 * What tells a PRM from others, hex: the sha256 of prm.json, which holds those of all its files and the template as well.
 * Other weights of the same folder have another one.
 */
function sha256Of(manifest: string, weights: Weights = "model"): string {
  const hash = createHash("sha256").update(manifest);
  return (weights === "model" ? hash : hash.update(weights)).digest("hex");
}

async function openFolder(dir: string): Promise<{ folder: string; manifest: PrmManifest; text: string }> {
  const folder = resolve(dir);
  const text = await readManifest(folder);
  return { folder, manifest: parseManifest(text, join(folder, MANIFEST_NAME)), text };
}

async function tokenizerPaths(folder: string, { files }: PrmManifest): Promise<RemotePrmFolder["paths"]> {
  return {
    tokenizer: await verifyFile(folder, "tokenizer", files.tokenizer),
    tokenizerConfig:
      files.tokenizerConfig === undefined
        ? null
        : await verifyFile(folder, "tokenizerConfig", files.tokenizerConfig),
  };
}

/** The text of a folder's prm.json. Throws as `loadManifest`. */
export async function readManifest(folder: string): Promise<string> {
  const kind = await stat(folder).catch(() => null);
  if (kind === null || !kind.isDirectory()) {
    throw new FunprmError(
      "model",
      `expected a PRM folder at ${folder}, got ${kind === null ? "nothing there" : "a file"}. Give the folder that holds ${MANIFEST_NAME}.`,
    );
  }
  try {
    return readSmallFile(join(folder, MANIFEST_NAME)).toString("utf8");
  } catch (cause) {
    throw new FunprmError(
      "model",
      `expected ${MANIFEST_NAME} in ${folder}, got a folder without a readable one. Give a PRM folder, or export the model again.`,
      { cause },
    );
  }
}

/** Checks one listed file and gives its absolute path. */
async function verifyFile(folder: string, field: string, entry: ManifestFile): Promise<string> {
  const path = join(folder, entry.path);
  const refuse = (expected: string, got: string): FunprmError =>
    new FunprmError(
      "model",
      `${path} (field "files.${field}" of ${MANIFEST_NAME}): expected ${expected}, got ${got}. ` +
        "Get the PRM folder again, or export the model again.",
    );
  const found = await stat(path).catch(() => null);
  if (found === null) throw refuse("a file", "nothing there");
  if (!found.isFile()) throw refuse("a file", "something else");
  const real = await realpath(path);
  if (!real.startsWith((await realpath(folder)) + sep)) {
    throw refuse("a file inside the PRM folder", `a link out of it to ${real}`);
  }
  if (found.size !== entry.bytes) throw refuse(`${entry.bytes} bytes`, `${found.size} bytes`);
  const sha256 = await sha256OfFile(path);
  if (sha256 !== entry.sha256) throw refuse(`sha256 ${entry.sha256}`, `sha256 ${sha256}`);
  return path;
}

/** sha256 of a file's bytes, hex; reads it as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
