import { realpath } from "node:fs/promises";
import { FunprmError } from "../../core/errors.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { readStatements } from "../../formats/problems.ts";
import { lockFile } from "../../files/lock.ts";
import { GradedFile } from "../../grade/graded-file.ts";
import { gradeCandidates } from "../../grade/grader.ts";
import { gradedLine } from "../../grade/output.ts";
import type { Graded } from "../../grade/verdict.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { openStore, tellContradictions } from "../../solve/open-store.ts";
import { storedOutcomes } from "../../solve/open-verdicts.ts";
import type { Invocation } from "../command.ts";
import { gradeOptions, type GradeRun, openTests } from "../grade/grade-run.ts";
import { GradeShard } from "../grade/grade-shard.ts";
import { GradeTally } from "../grade/grade-tally.ts";
import { resultForm } from "../grade/result-form.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { withOutput } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const { problems: path, resume, form } = options;
  const out = fileOf(options);
  if (path === undefined) {
    throw new FunprmError(
      "usage",
      "grade needs the problems with their tests: --problems FILE (or --problem FILE)",
    );
  }
  if (resume && (out === undefined || form !== "funprm")) {
    throw new FunprmError(
      "usage",
      "--resume goes on with the JSONL file of an earlier run: name it with --out",
    );
  }
  if (options.shard !== undefined && (out === undefined || form !== "funprm")) {
    throw new FunprmError(
      "usage",
      "--shard needs a JSONL file of its own, which funprm merge reads: name it with --out. " +
        "Other forms are of all candidates: merge first, or grade all with the same --verdicts.",
    );
  }
  refuseProblemsFromStdin("grade", [path]);
  await refuseInputAsOutput(out, [path, options.tests, ...invocation.args]);
  if (options.unsafe)
    report.warn("--unsafe: candidates run with all your rights; they can read and delete your files");
  const tests = await openTests(path, options.tests);
  try {
    const known = await readStatements(path);
    const sources = invocation.args.length === 0 ? ["-"] : invocation.args;
    const candidates = readCandidates(
      sources,
      candidateOptions(known, (message) => report.warn(message)),
    );
    const idOf = (problemId: string): string => known.resolve(problemId) ?? problemId;
    const sandbox = await openSandbox({
      python: options.python,
      unsafe: options.unsafe,
      ...(options.jobs !== undefined && { jobs: options.jobs }),
    });
    try {
      return await withVerdicts({
        candidates,
        idOf,
        tests,
        sandbox,
        options,
        report,
        signal: invocation.signal,
      });
    } finally {
      await sandbox.close();
    }
  } finally {
    await tests.close();
  }
}

/** The file for results; `-` is stdout, as everywhere. */
function fileOf({ out }: Options): string | undefined {
  return out === "-" ? undefined : out;
}

/** Results replace their file when grading begins, so it must be none that is still to be read. */
async function refuseInputAsOutput(
  out: string | undefined,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const target = out === undefined ? undefined : await realpath(out).catch(() => undefined);
  if (target === undefined) return;
  for (const input of inputs) {
    if (input !== undefined && target === (await realpath(input).catch(() => undefined))) {
      throw new FunprmError("usage", `--out ${out}: expected another file than ${input}, which is read from`);
    }
  }
}

async function withVerdicts(run: GradeRun): Promise<number> {
  const { options, sandbox, signal, tests } = run;
  if (options.verdicts === undefined) return grade(run);
  const store = await openStore(options.verdicts);
  try {
    const of = { lookup: tests.get, sandbox, grade: gradeOptions(run), signal };
    const code = await grade({ ...run, verdicts: await storedOutcomes(store, of) });
    tellContradictions(store, run.report);
    return code;
  } finally {
    await store.close();
  }
}

async function grade(run: GradeRun): Promise<number> {
  const { options, report } = run;
  const tally = new GradeTally(report);
  const out = fileOf(options);
  if (options.form !== "funprm") {
    // These forms are one object over all candidates; it can only be written at the end.
    // It is opened first, so that hours of work do not end at a folder that is not there.
    await withOutput(options.out, async (output) => {
      const lock = out === undefined ? undefined : await lockFile(out, "grade");
      try {
        const all: Graded[] = [];
        for await (const graded of gradeCandidates(
          run.candidates,
          run.tests.get,
          run.sandbox,
          gradeOptions(run),
        )) {
          all.push(graded);
          tally.add(graded);
        }
        await output.write(`${await resultForm(options.form, all, run.tests)}\n`);
      } finally {
        await lock?.release();
      }
    });
    return tally.finish();
  }
  if (out === undefined) {
    await withOutput(undefined, async (output) => {
      for await (const graded of gradeCandidates(
        run.candidates,
        run.tests.get,
        run.sandbox,
        gradeOptions(run),
      )) {
        await output.write(`${gradedLine(graded, options)}\n`);
        tally.add(graded);
      }
    });
    return tally.finish();
  }
  const file = await GradedFile.open(out, { resume: options.resume });
  const shard = options.shard && new GradeShard(options.shard, run, out);
  try {
    await shard?.begin();
    if (file.count > 0) report.note(`${file.count} candidates are graded already in ${out}`);
    tally.addEarlier(file.unjudged);
    const left = file.remaining(shard?.own(run.candidates) ?? run.candidates);
    for await (const graded of gradeCandidates(left, run.tests.get, run.sandbox, gradeOptions(run))) {
      await file.append(graded, options);
      shard?.add(graded);
      tally.add(graded);
    }
    file.finish();
  } catch (error) {
    if (file.growing !== undefined)
      report.warn(
        `${out} stays as it was; what is graded anew is in ${file.growing}, and --resume goes on with that`,
      );
    throw error;
  } finally {
    await file.close();
  }
  const exit = tally.finish();
  await shard?.finish(exit, file.timeLimits);
  return exit;
}
