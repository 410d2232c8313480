import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { unwritable } from "../files/write-refusal.ts";
import { checkedJson } from "../formats/text/checked-json.ts";
import { splitLines } from "../formats/text/lines.ts";
import type { Shard } from "./shard.ts";
import type { Units, UnitRun } from "./units.ts";

/** Beside a shard's output once it is complete: what `funprm merge` checks. */
const RECORD = ".shard.jsonl";

const headerSchema = z.object({
  format: z.literal("funprm-shard-1"),
  command: z.string(),
  shard: z.int().nonnegative(),
  of: z.int().positive(),
  /** Units of all shards together. */
  total: z.int().nonnegative(),
  lines: z.int().nonnegative(),
  /** sha256 of the output. */
  sha256: z.string(),
  /** All that output depends on, the same for every shard. */
  settings: z.record(z.string(), z.json()),
  /** CPU milliseconds of the reference program on the shard's machine; null where it did not run. */
  reference_ms: z.number().nullable(),
  /** Lines of programs that were stopped at a time limit. */
  time_limits: z.int().nonnegative(),
  exit: z.int(),
});

export type ShardHeader = z.infer<typeof headerSchema>;

/** What a shard that is complete says of itself, besides what is read from its output. */
export interface FinishedShard {
  readonly command: string;
  readonly shard: Shard;
  readonly total: number;
  readonly units: Units;
  readonly settings: ShardHeader["settings"];
  readonly referenceMs?: number | undefined;
  readonly timeLimits?: number;
  /** The exit code of the shard's run, which `merge` passes on. */
  readonly exit: number;
}

function recordPath(out: string): string {
  return `${out}${RECORD}`;
}

/** Says that an output is no complete shard any more. */
export async function removeRecord(out: string): Promise<void> {
  await rm(recordPath(out), { force: true });
}

/**
 * Writes down that a shard's output is complete.
 * @throws FunprmError `input` when that cannot be written or the output does not have the lines it should have
 */
export async function writeRecord(out: string, finished: FinishedShard): Promise<void> {
  const { lines, sha256 } = await digestOf(out);
  const { units } = finished;
  if (lines !== units.lines) {
    throw new FunprmError(
      "input",
      `${out}: expected ${units.lines} lines of shard ${finished.shard.index}, got ${lines}; run it again without --resume`,
    );
  }
  const header: ShardHeader = {
    format: "funprm-shard-1",
    command: finished.command,
    shard: finished.shard.index,
    of: finished.shard.count,
    total: finished.total,
    lines,
    sha256,
    settings: finished.settings,
    reference_ms: finished.referenceMs ?? null,
    time_limits: finished.timeLimits ?? 0,
    exit: finished.exit,
  };
  try {
    await writeFileAtomically(recordPath(out), recordLines(header, units.runs));
  } catch (error) {
    throw unwritable(recordPath(out), error, "name another file with --out");
  }
}

function* recordLines(header: ShardHeader, runs: readonly UnitRun[]): Generator<string> {
  yield `${JSON.stringify(header)}\n`;
  for (const run of runs) yield `${JSON.stringify(run)}\n`;
}

/** @throws FunprmError `input` where a shard is not complete or its record is none */
export async function readHeader(out: string): Promise<ShardHeader> {
  for await (const { text } of recordText(out))
    return checkedJson(text, headerSchema, wrong(`${recordPath(out)}:1`));
  throw new FunprmError("input", `${recordPath(out)}: expected a record of a shard, got an empty file`);
}

const runSchema = z.tuple([z.int().nonnegative(), z.int().positive(), z.int().nonnegative()]);

/** A shard's units in their order, a line in memory at a time. @throws FunprmError `input` */
export async function* readRuns(out: string): AsyncGenerator<UnitRun> {
  for await (const { text, number } of recordText(out)) {
    if (number > 1) yield checkedJson(text, runSchema, wrong(`${recordPath(out)}:${number}`));
  }
}

async function* recordText(out: string): AsyncGenerator<{ readonly text: string; readonly number: number }> {
  const path = recordPath(out);
  try {
    yield* splitLines(createReadStream(path), path, { line: 1 });
  } catch (cause) {
    if (cause instanceof FunprmError || !(cause instanceof Error && "code" in cause)) throw cause;
    throw new FunprmError(
      "input",
      `${out}: expected a complete shard with its record ${path}, got none. ` +
        "Run the command of that shard again, with --resume where it has it, until it ends.",
      { cause },
    );
  }
}

function wrong(place: string): string {
  return `${place}: expected a record that this version of funprm writes of a shard`;
}

const LF = 0x0a;

/** Lines and sha256 of a file. @throws FunprmError `input` when it cannot be read */
export async function digestOf(path: string): Promise<{ readonly lines: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let lines = 0;
  try {
    const chunks: AsyncIterable<Buffer> = createReadStream(path);
    for await (const chunk of chunks) {
      hash.update(chunk);
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) lines += 1;
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError("input", `${path}: cannot be read: ${why}`, { cause });
  }
  return { lines, sha256: hash.digest("hex") };
}
