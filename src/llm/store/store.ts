import { access, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import pLimit from "p-limit";
import { FunprmError } from "../../core/errors.ts";
import { removeLeftovers, writeFileAtomically } from "../../files/atomic-file.ts";
import type { Sample, SampleRequest } from "../llm.ts";
import { storeKey } from "./store-key.ts";
import { decodeSample, encodeSample } from "./stored-sample.ts";
import { readOwnFile } from "../../files/small-file.ts";

/** Files open at once: libuv has four threads for them, and more would only be in the way of the network. */
const OPEN_FILES = 8;

/**
 * Keeps every sample that was paid for, one file each: `SHARD/KEY-INDEX.json`, where the sha256 of the request
 * begins with SHARD (two digits) and goes on with KEY. Files are whole or absent (atomic-file.ts), so a run may be
 * killed at any moment and any number of processes may share a folder: the later of two equal samples wins.
 * What does not read back to the byte is moved to `damaged/` and counts as absent.
 */
export class SampleStore {
  readonly directory: string;
  readonly #onWarning: (warning: string) => void;
  readonly #io = pLimit(OPEN_FILES);
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #cleaned = new Map<string, Promise<void>>();

  constructor(directory: string, onWarning: (warning: string) => void = () => {}) {
    this.directory = directory;
    this.#onWarning = onWarning;
  }

  /** The samples of a request's `indices` that are stored, in their order. */
  async load(endpoint: string, request: SampleRequest): Promise<Sample[]> {
    const key = storeKey(endpoint, request);
    const samples = await this.#each(request.indices, (index) => this.#read(key, index));
    await this.#clean(key);
    return samples.filter((sample) => sample !== undefined);
  }

  /** Which of a request's `indices` are not stored, without reading those that are (`--dry-run`). */
  async missing(endpoint: string, request: SampleRequest): Promise<number[]> {
    const key = storeKey(endpoint, request);
    const absent = await this.#each(request.indices, async (index) => {
      try {
        await access(this.#path(key, index));
        return [];
      } catch (cause) {
        if (isAbsent(cause)) return [index];
        throw cause;
      }
    });
    return absent.flat();
  }

  /** Stores what one response brought. Errors: FunprmError `input` when the folder cannot be written. */
  async save(endpoint: string, request: SampleRequest, samples: readonly Sample[]): Promise<void> {
    const key = storeKey(endpoint, request);
    try {
      await this.#make(key);
      await Promise.all(
        samples.map((sample) =>
          this.#io(() =>
            // Readers check the sum, and #clean looks after leftovers.
            writeFileAtomically(this.#path(key, sample.index), encodeSample(key, sample), {
              flush: "after",
              removeLeftovers: false,
            }),
          ),
        ),
      );
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FunprmError(
        "input",
        `cannot write the sample store ${this.directory}: ${why}; free space, or name another folder`,
        { cause },
      );
    }
  }

  async #each<T>(indices: readonly number[], look: (index: number) => Promise<T>): Promise<T[]> {
    try {
      return await Promise.all(indices.map((index) => this.#io(look, index)));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FunprmError("input", `cannot read the sample store ${this.directory}: ${why}`, { cause });
    }
  }

  async #read(key: string, index: number): Promise<Sample | undefined> {
    const path = this.#path(key, index);
    let content: string;
    try {
      content = await readOwnFile(path);
    } catch (cause) {
      if (isAbsent(cause)) return undefined;
      throw cause;
    }
    const sample = decodeSample(key, index, content);
    if (sample === undefined) await this.#setAside(path);
    return sample;
  }

  async #setAside(path: string): Promise<void> {
    const damaged = join(this.directory, "damaged");
    const aside = join(damaged, `${basename(dirname(path))}${basename(path, ".json")}-${Date.now()}.json`);
    try {
      await mkdir(damaged, { recursive: true });
      await rename(path, aside);
    } catch (cause) {
      // Another process has moved it.
      if (isAbsent(cause)) return;
      throw cause;
    }
    this.#onWarning(`a stored sample is damaged and will be sampled again; it was moved to ${aside}`);
  }

  /** Makes the folder for a key's samples, once. */
  #make(key: string): Promise<unknown> {
    const shard = this.#shard(key);
    const made = this.#made.get(shard) ?? mkdir(shard, { recursive: true });
    this.#made.set(shard, made);
    made.catch(() => this.#made.delete(shard));
    return made;
  }

  /** Removes what killed processes have left where a key's samples lie, once. */
  #clean(key: string): Promise<void> {
    const shard = this.#shard(key);
    const cleaned = this.#cleaned.get(shard) ?? this.#io(() => removeLeftovers(shard));
    this.#cleaned.set(shard, cleaned);
    return cleaned;
  }

  #shard(key: string): string {
    return join(this.directory, key.slice(0, 2));
  }

  #path(key: string, index: number): string {
    return join(this.#shard(key), `${key.slice(2)}-${index}.json`);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
