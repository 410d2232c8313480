import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { FunprmError } from "../core/errors.ts";
import { listFinished, writeFileAtomically } from "./atomic-file.ts";
import type { Sample, SampleRequest } from "./llm.ts";
import { storeKey } from "./store-key.ts";
import { decodeSample, encodeSample } from "./stored-sample.ts";

/** Files open at once; more than libuv's four threads gain nothing and could meet the limit of descriptors. */
const OPEN_FILES = 16;
const SAMPLE_FILE = /^(\d+)\.json$/;

/**
 * Keeps every sample that was paid for, one file each: `KEY[0..2]/KEY/INDEX.json` under the store's folder, with the
 * request beside them as `request.json`. Files are whole or absent (atomic-file.ts), so a run may be killed at any
 * moment and any number of processes may share a folder: the later of two equal samples wins.
 * What does not read back to the byte is moved to `damaged/` and counts as absent.
 */
export class SampleStore {
  readonly directory: string;
  readonly #onWarning: (warning: string) => void;
  readonly #io = pLimit(OPEN_FILES);
  readonly #prepared = new Map<string, Promise<void>>();

  constructor(directory: string, onWarning: (warning: string) => void = () => {}) {
    this.directory = directory;
    this.#onWarning = onWarning;
  }

  /** The samples of a request's `indices` that are stored, in their order. */
  async load(endpoint: string, request: SampleRequest): Promise<Sample[]> {
    const key = storeKey(endpoint, request);
    const stored = await this.#indices(key);
    const wanted = request.indices.filter((index) => stored.has(index));
    const samples = await Promise.all(wanted.map((index) => this.#io(() => this.#read(key, index))));
    return samples.filter((sample) => sample !== undefined);
  }

  /** Which of a request's `indices` are not stored, without reading those that are (`--dry-run`). */
  async missing(endpoint: string, request: SampleRequest): Promise<number[]> {
    const stored = await this.#indices(storeKey(endpoint, request));
    return request.indices.filter((index) => !stored.has(index));
  }

  /** Stores what one response brought. Errors: FunprmError `input` when the folder cannot be written. */
  async save(endpoint: string, request: SampleRequest, samples: readonly Sample[]): Promise<void> {
    const key = storeKey(endpoint, request);
    try {
      await this.#prepare(key, endpoint, request);
      await Promise.all(
        samples.map((sample) =>
          this.#io(() => writeFileAtomically(this.#path(key, sample.index), encodeSample(key, sample))),
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

  async #indices(key: string): Promise<Set<number>> {
    try {
      const names = await this.#io(() => listFinished(this.#folder(key)));
      return new Set(names.flatMap((name) => SAMPLE_FILE.exec(name)?.[1] ?? []).map(Number));
    } catch (cause) {
      if (isAbsent(cause)) return new Set();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FunprmError("input", `cannot read the sample store ${this.directory}: ${why}`, { cause });
    }
  }

  async #read(key: string, index: number): Promise<Sample | undefined> {
    const path = this.#path(key, index);
    let content: string;
    try {
      content = await readFile(path, "utf8");
    } catch (cause) {
      // Moved aside by another process since it was listed.
      if (isAbsent(cause)) return undefined;
      throw cause;
    }
    const sample = decodeSample(key, index, content);
    if (sample === undefined) await this.#setAside(path, `${key}-${index}`);
    return sample;
  }

  async #setAside(path: string, name: string): Promise<void> {
    const aside = join(this.directory, "damaged", `${name}-${Date.now()}.json`);
    try {
      await mkdir(join(this.directory, "damaged"), { recursive: true });
      await rename(path, aside);
    } catch (cause) {
      if (!isAbsent(cause)) throw cause;
      return;
    }
    this.#onWarning(`a stored sample is damaged and will be sampled again; it was moved to ${aside}`);
  }

  /** Makes the key's folder, once; writes what was asked for beside the samples, for people. */
  #prepare(key: string, endpoint: string, request: SampleRequest): Promise<void> {
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const { model, params, messages } = request;
    const make = async (): Promise<void> => {
      const created = await mkdir(this.#folder(key), { recursive: true });
      if (created === undefined) return;
      const content = `${JSON.stringify({ endpoint, model, params, messages }, null, 2)}\n`;
      await writeFileAtomically(join(this.#folder(key), "request.json"), content, { flush: false });
    };
    const made = this.#io(make);
    this.#prepared.set(key, made);
    made.catch(() => this.#prepared.delete(key));
    return made;
  }

  #folder(key: string): string {
    return join(this.directory, key.slice(0, 2), key);
  }

  #path(key: string, index: number): string {
    return join(this.#folder(key), `${index}.json`);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
