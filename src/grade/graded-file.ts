import { open, type FileHandle } from "node:fs/promises";
import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import { gradedLine } from "./output.ts";
import type { Graded } from "./verdict.ts";

const LF = 0x0a;
const CHUNK_BYTES = 1 << 20;

/**
 * A file of graded lines that grows line by line and can be taken up again after a kill: lines are written whole and in the order of
 * the candidates, so what is done is a beginning of the input, and at most the last line is cut.
 */
export class GradedFile {
  readonly #handle: FileHandle;
  readonly #done: readonly string[];

  private constructor(handle: FileHandle, done: readonly string[]) {
    this.#handle = handle;
    this.#done = done;
  }

  /** Opens or makes the file. With `resume`, whole lines are kept and a cut one is removed; without, it starts empty. */
  static async open(path: string, options: { readonly resume: boolean }): Promise<GradedFile> {
    const handle = await open(path, options.resume ? "a+" : "w");
    if (!options.resume) return new GradedFile(handle, []);
    const { done, end } = await readWholeLines(handle);
    await handle.truncate(end);
    return new GradedFile(handle, done);
  }

  /** How many candidates are graded already. */
  get count(): number {
    return this.#done.length;
  }

  /**
   * The candidates that are left.
   * @throws FunprmError `input` when the file's beginning was not made from these candidates
   */
  async *remaining(candidates: AsyncIterable<Candidate> | Iterable<Candidate>): AsyncGenerator<Candidate> {
    let at = 0;
    for await (const candidate of candidates) {
      const done = this.#done[at];
      at += 1;
      if (done === undefined) yield candidate;
      else if (done !== identity(candidate.problemId, candidate.sampleIndex))
        throw mismatch(at, done, candidate);
    }
  }

  /** Writes one line, at once. */
  async append(graded: Graded): Promise<void> {
    await this.#handle.appendFile(`${gradedLine(graded)}\n`);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function identity(problemId: unknown, sampleIndex: unknown): string {
  return JSON.stringify([problemId, sampleIndex]);
}

function mismatch(line: number, done: string, { problemId, sampleIndex }: Candidate): FunprmError {
  return new FunprmError(
    "input",
    `expected line ${line} of the results to be that of candidate ${identity(problemId, sampleIndex)}, got ${done}. ` +
      "The results were made from other candidates: name another file, or start anew without --resume.",
  );
}

async function readWholeLines(handle: FileHandle): Promise<{ done: string[]; end: number }> {
  const done: string[] = [];
  let rest = Buffer.alloc(0);
  let end = 0;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return { done, end };
    at += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let stop = rest.indexOf(LF); stop !== -1; stop = rest.indexOf(LF)) {
      const line = identityOfLine(rest.toString("utf8", 0, stop));
      if (line === undefined) return { done, end };
      done.push(line);
      end += stop + 1;
      rest = rest.subarray(stop + 1);
    }
  }
}

/** undefined for a line that is no graded line, which a kill cannot leave but a full disk can. */
function identityOfLine(line: string): string | undefined {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== "object" || record === null || !("problem_id" in record)) return undefined;
    return identity(record.problem_id, "sample_index" in record ? record.sample_index : undefined);
  } catch {
    return undefined;
  }
}
