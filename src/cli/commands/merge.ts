import { stat } from "node:fs/promises";
import { withOutput } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";
import { FunprmError } from "../../core/errors.ts";
import { readOptions } from "../../settings/options.ts";
import { checkSpeeds, checkWhole } from "../../shard/merge-checks.ts";
import { type LinesShard, mergeLines, openLinesShard } from "../../shard/merge-lines.ts";
import type { Invocation } from "../command.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const { args } = invocation;
  const folders = await Promise.all(args.map(isFolder));
  if (folders.every(Boolean)) {
    const { mergeBenches } = await import("../bench/merge-benches.ts");
    return mergeBenches(args, options, report);
  }
  const file = args[folders.indexOf(true)];
  if (file !== undefined)
    throw new FunprmError("usage", `${file} is a folder, others are files: expected shards of one command`);
  const shards: LinesShard[] = [];
  for (const place of args) shards.push(await openLinesShard(place));
  checkWhole(shards);
  checkSpeeds(shards, options.speedRatio);
  await withOutput(options.out, (output) => mergeLines(shards, (text) => output.write(text)));
  const lines = shards.reduce((sum, { header }) => sum + header.lines, 0);
  report.note(`merged ${shards.length} shards of ${shards[0]?.command ?? ""}: ${lines} lines`);
  return Math.max(...shards.map(({ header }) => header.exit));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
