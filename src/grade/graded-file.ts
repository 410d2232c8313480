import { createHash } from "node:crypto";
import { realpath, rm, stat } from "node:fs/promises";
import { z } from "zod";
import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import { AppendOnlyFile } from "../files/append-file.ts";
import { publish } from "../files/atomic-file.ts";
import { type Lock, lockFile } from "../files/lock.ts";
import { GRADING_VERSION } from "./grading-version.ts";
import { gradedLine, type LineOptions } from "./output.ts";
import type { Graded } from "./verdict.ts";

/** Where lines are written that are to take the place of a file that holds some; they do when they are all there. */
const GROWING = ".new";

/**
 * Graded lines in a file that can be taken up again after a kill: they are written in the order of the candidates, so
 * what is done is a beginning of the input. A file of an earlier run stays until the new lines are complete. One
 * process at a time.
 */
export class GradedFile {
  /** How many of the candidates that are graded already could not be judged. */
  readonly unjudged: number;
  /** How many of them were stopped at a time limit. */
  readonly timeLimits: number;
  /** The file that is written, where that is not yet the file itself. */
  readonly growing: string | undefined;
  readonly #target: string | undefined;
  readonly #path: string;
  readonly #file: AppendOnlyFile;
  readonly #lock: Lock;
  readonly #done: readonly Done[];
  #finished = false;

  private constructor(
    path: string,
    replacing: Replacing | undefined,
    open: Open,
    { done, unjudged, timeLimits }: Earlier,
  ) {
    this.#path = path;
    this.growing = replacing?.place;
    this.#target = replacing?.target;
    this.#file = open.file;
    this.#lock = open.lock;
    this.#done = done;
    this.unjudged = unjudged;
    this.timeLimits = timeLimits;
  }

  /**
   * Opens or makes the file. With `resume`, whole lines are kept and a cut one is removed, those of a file that was to
   * take this one's place if there is one. Without, lines are written anew.
   * @throws FunprmError `usage` for a file that cannot be written or that another process writes, `input` for one to
   * resume that holds other lines, or verdicts of another version of grading; it stays as it is
   */
  static async open(path: string, options: { readonly resume: boolean }): Promise<GradedFile> {
    const earlier: Earlier = { done: [], unjudged: 0, timeLimits: 0 };
    let lock: Lock | undefined;
    try {
      lock = await lockFile(path, "grade");
      const target = await realpath(path).catch(() => path);
      const beside = `${target}${GROWING}`;
      const isBeside = (await sizeOf(options.resume ? beside : target)) > 0;
      if (!isBeside) await rm(beside, { force: true });
      const place = isBeside ? beside : target;
      const file = await AppendOnlyFile.open(
        place,
        options.resume ? { onLine: (line) => addLine(earlier, line, place) } : {},
      );
      return new GradedFile(path, isBeside ? { place, target } : undefined, { file, lock }, earlier);
    } catch (error) {
      await lock?.release();
      throw unwritable(path, error);
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
      else if (done.digest !== digest(candidate)) throw mismatch(at, done.name, candidate);
    }
  }

  /** Writes one line, at once. @throws FunprmError `usage` when it cannot: a full disk, say */
  async append(graded: Graded, options: LineOptions = {}): Promise<void> {
    try {
      await this.#file.append(gradedLine(graded, options));
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /** Says that all lines are there: now they take the place of those of an earlier run. */
  finish(): void {
    this.#finished = true;
  }

  async close(): Promise<void> {
    try {
      await this.#file.close();
      if (this.#finished && this.growing !== undefined && this.#target !== undefined)
        await publish(this.growing, this.#target);
    } catch (error) {
      throw unwritable(this.#path, error);
    } finally {
      await this.#lock.release();
    }
  }
}

/** A file that is to take the place of another one. */
interface Replacing {
  readonly place: string;
  readonly target: string;
}

interface Open {
  readonly file: AppendOnlyFile;
  readonly lock: Lock;
}

/** In bytes; 0 for what is no file. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}

/** A candidate whose line is there. */
interface Done {
  readonly name: string;
  readonly digest: string;
}

type Identity = Pick<Candidate, "problemId" | "sampleIndex" | "code"> & {
  readonly model?: string | undefined;
};

function nameOf({ problemId, sampleIndex }: Identity): string {
  return JSON.stringify([problemId, sampleIndex]);
}

/** The program counts too: two candidates may have the same sample index, and a file may be changed in between. */
function digest({ problemId, sampleIndex, code, model }: Identity): string {
  return createHash("sha256")
    .update(JSON.stringify([problemId, sampleIndex, model ?? null, code]))
    .digest("base64");
}

function mismatch(line: number, done: string, candidate: Candidate): FunprmError {
  const name = nameOf(candidate);
  const got = done === name ? "another program or model under that name" : done;
  return new FunprmError(
    "input",
    `expected line ${line} of the results to be that of candidate ${name}, got ${got}. ` +
      "The results were made from other candidates: name another file, or start anew without --resume.",
  );
}

function unwritable(path: string, cause: unknown): FunprmError {
  if (cause instanceof FunprmError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FunprmError(
    "usage",
    `${path}: graded lines cannot be written: ${reason}. What is there is kept: mend that and go on with --resume.`,
    { cause },
  );
}

/** What an earlier run wrote: who is graded, and how many without a verdict. */
interface Earlier {
  readonly done: Done[];
  unjudged: number;
  timeLimits: number;
}

function addLine(earlier: Earlier, text: string, path: string): void {
  const line = readLine(text);
  const number = earlier.done.length + 1;
  if (line === undefined) throw foreign(path, number);
  if (line.version !== GRADING_VERSION) throw outdated(path, number, line.version);
  earlier.done.push(line.done);
  if (line.verdict === "infra_error") earlier.unjudged += 1;
  if (line.verdict === "time_limit") earlier.timeLimits += 1;
}

const lineSchema = z.object({
  problem_id: z.string(),
  sample_index: z.int(),
  code: z.string(),
  model: z.string().optional(),
  verdict: z.string(),
  // Lines of before the field are of the first version.
  grading_version: z.int().default(1),
});

/** undefined for a whole line that is no graded line, which neither a kill nor a full disk leaves behind. */
function readLine(line: string): { done: Done; verdict: string; version: number } | undefined {
  try {
    const { problem_id, sample_index, code, model, verdict, grading_version } = lineSchema.parse(
      JSON.parse(line),
    );
    const candidate = { problemId: problem_id, sampleIndex: sample_index, code, model };
    return {
      done: { name: nameOf(candidate), digest: digest(candidate) },
      verdict,
      version: grading_version,
    };
  } catch {
    return undefined;
  }
}

function foreign(path: string, line: number): FunprmError {
  return new FunprmError(
    "input",
    `${path}:${line}: expected a line that grade has written, to go on behind it, got another one. ` +
      "Name the file of the earlier run, or start anew without --resume, which replaces this file when it is done.",
  );
}

function outdated(path: string, line: number, version: number): FunprmError {
  return new FunprmError(
    "input",
    `${path}:${line}: expected verdicts of version ${GRADING_VERSION} of grading, to go on behind them, got one of version ${version}: ` +
      "the two would not be comparable. Name another file, or start anew without --resume, which replaces this file when it is done.",
  );
}
