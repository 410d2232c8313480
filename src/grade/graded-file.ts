import { open, type FileHandle } from "node:fs/promises";
import { z } from "zod";
import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import { GRADING_VERSION } from "./grading-version.ts";
import { gradedLine } from "./output.ts";
import type { Graded } from "./verdict.ts";

const LF = 0x0a;
const CHUNK_BYTES = 1 << 20;

/**
 * A file of graded lines that grows line by line and can be taken up again after a kill: lines are written whole and in the order of
 * the candidates, so what is done is a beginning of the input, and at most the last line is cut.
 */
export class GradedFile {
  /** How many of the candidates that are graded already could not be judged. */
  readonly unjudged: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #done: readonly string[];

  private constructor(path: string, handle: FileHandle, { done, unjudged }: Omit<Whole, "end">) {
    this.#path = path;
    this.#handle = handle;
    this.#done = done;
    this.unjudged = unjudged;
  }

  /**
   * Opens or makes the file. With `resume`, whole lines are kept and a cut one is removed; without, it starts empty.
   * @throws FunprmError `usage` for a file that cannot be written, `input` for one to resume that holds other lines, or
   * verdicts of another version of grading; it stays as it is
   */
  static async open(path: string, options: { readonly resume: boolean }): Promise<GradedFile> {
    const handle = await open(path, options.resume ? "a+" : "w").catch((error: unknown) => {
      throw unwritable(path, error);
    });
    if (!options.resume) return new GradedFile(path, handle, { done: [], unjudged: 0 });
    try {
      const { end, ...whole } = await readWholeLines(handle, path);
      await handle.truncate(end);
      return new GradedFile(path, handle, whole);
    } catch (error) {
      await handle.close();
      throw error;
    }
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

  /** Writes one line, at once. @throws FunprmError `usage` when it cannot: a full disk, say */
  async append(graded: Graded): Promise<void> {
    try {
      await this.#handle.appendFile(`${gradedLine(graded)}\n`);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
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

function unwritable(path: string, cause: unknown): FunprmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError(
    "usage",
    `${path}: graded lines cannot be written: ${reason}. What is there is kept: mend that and go on with --resume.`,
    { cause },
  );
}

/** What an earlier run wrote: who is graded, how many without a verdict, and where the last whole line ends. */
interface Whole {
  readonly done: readonly string[];
  readonly unjudged: number;
  readonly end: number;
}

async function readWholeLines(handle: FileHandle, path: string): Promise<Whole> {
  const done: string[] = [];
  let unjudged = 0;
  let rest = Buffer.alloc(0);
  let end = 0;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return { done, unjudged, end };
    at += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let stop = rest.indexOf(LF); stop !== -1; stop = rest.indexOf(LF)) {
      const line = readLine(rest.toString("utf8", 0, stop));
      if (line === undefined) throw foreign(path, done.length + 1);
      if (line.version !== GRADING_VERSION) throw outdated(path, done.length + 1, line.version);
      done.push(line.identity);
      if (line.verdict === "infra_error") unjudged += 1;
      end += stop + 1;
      rest = rest.subarray(stop + 1);
    }
  }
}

const lineSchema = z.object({
  problem_id: z.string(),
  sample_index: z.int(),
  verdict: z.string(),
  // Lines of before the field are of the first version.
  grading_version: z.int().default(1),
});

/** undefined for a whole line that is no graded line, which neither a kill nor a full disk leaves behind. */
function readLine(line: string): { identity: string; verdict: string; version: number } | undefined {
  try {
    const { problem_id, sample_index, verdict, grading_version } = lineSchema.parse(JSON.parse(line));
    return { identity: identity(problem_id, sample_index), verdict, version: grading_version };
  } catch {
    return undefined;
  }
}

function foreign(path: string, line: number): FunprmError {
  return new FunprmError(
    "input",
    `${path}:${line}: expected a line that grade has written, to go on behind it, got another one. ` +
      "Name the file of the earlier run, or start anew without --resume, which replaces this file.",
  );
}

function outdated(path: string, line: number, version: number): FunprmError {
  return new FunprmError(
    "input",
    `${path}:${line}: expected verdicts of version ${GRADING_VERSION} of grading, to go on behind them, got one of version ${version}: ` +
      "the two would not be comparable. Name another file, or start anew without --resume, which replaces this file.",
  );
}
