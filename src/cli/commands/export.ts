import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { FunprmError } from "../../core/errors.ts";
import type { Invocation } from "../command.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { printLine } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";
import { baseArgs, runTraining } from "../training-process.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const { out, aggregate } = options;
  if (out === undefined) throw new FunprmError("usage", "export needs a folder for the model: --out DIR");
  const source = options.checkpoint === undefined ? runSource(options) : checkpointSource(options);
  const args = [
    ...source.args,
    "--out",
    resolve(out),
    "--name",
    options.name ?? basename(resolve(out)),
    ...(aggregate === undefined ? [] : ["--aggregate", aggregate]),
  ];
  const onLine = (line: string): void => report.note(line);
  await runTraining(source.module, args, { options, report, signal: invocation.signal, onLine });
  await printLine(resolve(out));
  return 0;
}

/** What is exported: the module that does it, and its arguments. */
interface Exported {
  readonly module: string;
  readonly args: readonly string[];
}

function runSource({ run: folder, base }: Options): Exported {
  if (folder === undefined) {
    throw new FunprmError("usage", "export needs a trained run, --run DIR, or a released --checkpoint PATH");
  }
  const path = join(folder, "train.pt");
  if (!existsSync(path)) {
    throw new FunprmError("input", `expected a checkpoint at ${path}, got none: train the run first`);
  }
  return { module: "export.from_run", args: ["--run", resolve(folder), ...baseArgs(base)] };
}

function checkpointSource({ checkpoint = "", layout, base, run: folder }: Options): Exported {
  if (folder !== undefined) throw new FunprmError("usage", "give --run or --checkpoint, not both");
  if (layout === undefined) {
    throw new FunprmError("usage", "a released checkpoint needs its layout: --layout dreamprm or skywork");
  }
  if (!existsSync(checkpoint)) {
    throw new FunprmError("input", `--checkpoint ${checkpoint}: expected a file or folder, got none`);
  }
  if (layout === "dreamprm" && base === undefined) {
    throw new FunprmError(
      "usage",
      "a dreamprm checkpoint holds neither configuration nor tokenizer: name the base model's folder with --base",
    );
  }
  const args = [layout, "--checkpoint", resolve(checkpoint)];
  return {
    module: "export.from_checkpoint",
    args: base === undefined ? args : [...args, "--base", resolve(base)],
  };
}
