/** Problems packed for the page: gzip in base64, unpacked by the browser when one of them is opened. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ProblemReport } from "../bench/results/report-data.ts";

/** Problems in a chunk: opening one costs unpacking this many, a larger chunk packs little better. */
export const PROBLEMS_PER_CHUNK = 20;

const gzipAsync = promisify(gzip);

export class ProblemPacker {
  readonly #chunks: Promise<string>[] = [];
  #pending: ProblemReport[] = [];

  /** Resolves when the problem may be forgotten: packing runs at the same time as reading, but never far behind it. */
  async add(problem: ProblemReport): Promise<void> {
    this.#pending.push(problem);
    if (this.#pending.length < PROBLEMS_PER_CHUNK) return;
    this.#pack();
    await this.#chunks.at(-2);
  }

  /** All chunks in order; problem n (from 0) is in chunk floor(n / PROBLEMS_PER_CHUNK). */
  async finish(): Promise<string[]> {
    if (this.#pending.length > 0) this.#pack();
    return Promise.all(this.#chunks);
  }

  #pack(): void {
    const text = JSON.stringify(this.#pending);
    this.#pending = [];
    this.#chunks.push(gzipAsync(text).then((packed) => packed.toString("base64")));
  }
}
