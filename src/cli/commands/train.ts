import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { readStatements } from "../../formats/problems.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import type { Invocation } from "../command.ts";
import { readOptions } from "../../settings/options.ts";
import { createReporter } from "../../console/reporter.ts";
import { baseArgs, runTraining, trainingFile } from "../training-process.ts";

const progressSchema = z.object({
  step: z.number(),
  steps: z.number(),
  loss: z.number(),
  upper: z.number().optional(),
});

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const { problems, out, correction, threads, base, download } = options;
  if (problems === undefined || out === undefined) {
    throw new FunprmError(
      "usage",
      "train needs the problems that the rewards belong to and a folder for the run: --problems FILE --out DIR",
    );
  }
  const config =
    options.config === undefined ? trainingFile("configs", "rewards.json") : resolve(options.config);
  const args = [
    ...invocation.args.map((path) => resolve(path)),
    "--problems",
    await statementsFile(problems, resolve(out)),
    "--config",
    config,
    "--correction",
    correction,
    "--out",
    resolve(out),
    ...baseArgs(base),
    ...(download ? ["--download"] : []),
    ...(threads === undefined ? [] : ["--threads", String(threads)]),
  ];
  await runTraining("product.train", args, {
    options,
    report,
    signal: invocation.signal,
    onLine(line) {
      const progress = readProgress(line);
      if (progress === undefined) return report.note(line);
      const upper = progress.upper === undefined ? "" : `  upper ${progress.upper.toFixed(4)}`;
      report.progress("trained", progress.step, progress.steps, `loss ${progress.loss.toFixed(4)}${upper}`);
    },
  });
  process.stdout.write(`${resolve(out)}\n`);
  return 0;
}

/** The problems, whatever their form, as the one form that training/ reads; kept with the run. */
async function statementsFile(problems: string, out: string): Promise<string> {
  const path = join(out, "problems.jsonl");
  const known = await readStatements(problems);
  const lines = [...known.values()].map(({ id, statement }) => `${JSON.stringify({ id, statement })}\n`);
  await mkdir(out, { recursive: true });
  await writeFileAtomically(path, lines.join(""));
  return path;
}

function readProgress(line: string): z.infer<typeof progressSchema> | undefined {
  try {
    return progressSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
