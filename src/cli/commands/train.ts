import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { readStatements } from "../../formats/problems.ts";
import { removeLeftovers, temporaryName, writeFileAtomically } from "../../files/atomic-file.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { printLine } from "../../console/output.ts";
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
  const statements = await temporaryStatements(problems);
  try {
    const args = [
      ...invocation.args.map((path) => resolve(path)),
      "--problems",
      statements,
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
    let kept: Promise<void> | undefined;
    await runTraining("product.train", args, {
      options,
      report,
      signal: invocation.signal,
      onLine(line) {
        const progress = readProgress(line);
        if (progress === undefined) return report.note(line);
        // Not before: a folder that training refuses holds another run, with its own problems.
        kept ??= keepStatements(statements, resolve(out));
        kept.catch(() => {}); // told below
        const upper = progress.upper === undefined ? "" : `  upper ${progress.upper.toFixed(4)}`;
        report.progress("trained", progress.step, progress.steps, `loss ${progress.loss.toFixed(4)}${upper}`);
      },
    });
    await (kept ?? keepStatements(statements, resolve(out)));
  } finally {
    await rm(statements, { force: true });
  }
  await printLine(resolve(out));
  return 0;
}

/** The problems, whatever their form, as the one form that training/ reads. */
async function temporaryStatements(problems: string): Promise<string> {
  const known = await readStatements(problems);
  const lines = [...known.values()].map(({ id, statement }) => `${JSON.stringify({ id, statement })}\n`);
  const name = "funprm-train-problems.jsonl";
  await removeLeftovers(tmpdir(), name);
  const path = temporaryName(join(tmpdir(), name));
  try {
    await writeFile(path, lines.join(""), { mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error, "name another folder with TMPDIR");
  }
  return path;
}

/** The run's own copy. */
async function keepStatements(statements: string, out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await writeFileAtomically(join(out, "problems.jsonl"), await readFile(statements, "utf8"));
  } catch (error) {
    throw unwritable(out, error);
  }
}

function readProgress(line: string): z.infer<typeof progressSchema> | undefined {
  try {
    return progressSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
