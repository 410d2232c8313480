import { createReadStream } from "node:fs";
import process from "node:process";
import { z } from "zod";
import { printLine } from "../console/output.ts";
import { FunprmError } from "../core/errors.ts";
import { splitLines } from "../formats/text/lines.ts";
import { shardOption } from "../settings/shard-option.ts";
import { type Shard, shardName } from "../shard/shard.ts";

const taskSchema = z.object({ shard: shardOption, out: z.string().min(1) });

/** A shard that is to be done, and the file for its lines. */
export interface ShardTask {
  readonly shard: Shard;
  readonly out: string;
}

/**
 * Does the shards that a file names, one after another, and says on stdout which is done: so one process, whose PRM stays
 * loaded, does many.
 * @param source a file of lines `{"shard": "3/8", "out": "part-3.jsonl"}`, or `-` for stdin
 * @returns the highest exit code
 * @throws FunprmError `usage` for a line that names no shard, and what `work` throws
 */
export async function eachShard(source: string, work: (task: ShardTask) => Promise<number>): Promise<number> {
  let highest = 0;
  const bytes: AsyncIterable<Buffer> = source === "-" ? process.stdin : createReadStream(source);
  for await (const { text, number } of splitLines(bytes, source, { line: 1 })) {
    const task = readTask(text, `${source}:${number}`);
    const exit = await work(task);
    await printLine(JSON.stringify({ shard: shardName(task.shard), exit }));
    highest = Math.max(highest, exit);
  }
  return highest;
}

function readTask(text: string, place: string): ShardTask {
  try {
    return taskSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new FunprmError(
      "usage",
      `${place}: expected {"shard": "3/8", "out": "part-3.jsonl"}, got ${text.slice(0, 200)}`,
      { cause },
    );
  }
}
