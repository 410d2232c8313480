import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { slugOf, withSuiteTests } from "../../formats/suites/leetcode.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { readProblems, readStatements } from "../../formats/problems.ts";
import { lockFile } from "../../files/lock.ts";
import { GradedFile } from "../../grade/graded-file.ts";
import { gradeCandidates, type GradeOptions } from "../../grade/grader.ts";
import { gradedLine } from "../../grade/output.ts";
import { bigcodebenchResults, evalAll, evalplusResults } from "../../grade/result-forms.ts";
import type { Graded } from "../../grade/verdict.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Invocation } from "../command.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { withOutput } from "../../console/output.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";

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
    const sandbox = await openSandbox({
      python: options.python,
      unsafe: options.unsafe,
      ...(options.jobs !== undefined && { jobs: options.jobs }),
    });
    try {
      return await grade({ candidates, tests, sandbox, options, report, signal: invocation.signal });
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

interface GradeRun {
  readonly candidates: AsyncIterable<Candidate>;
  readonly tests: Tests;
  readonly sandbox: Sandbox;
  readonly options: Options;
  readonly report: Reporter;
  readonly signal: AbortSignal;
}

async function grade(run: GradeRun): Promise<number> {
  const { options, report } = run;
  const tally = new Tally(report);
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
        await output.write(`${gradedLine(graded)}\n`);
        tally.add(graded);
      }
    });
    return tally.finish();
  }
  const file = await GradedFile.open(out, { resume: options.resume });
  try {
    if (file.count > 0) report.note(`${file.count} candidates are graded already in ${out}`);
    tally.addEarlier(file.unjudged);
    const left = file.remaining(run.candidates);
    for await (const graded of gradeCandidates(left, run.tests.get, run.sandbox, gradeOptions(run))) {
      await file.append(graded);
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
  return tally.finish();
}

function gradeOptions({ options, signal }: GradeRun): GradeOptions {
  return {
    memoryBytes: options.memory * 2 ** 20,
    stopAtFirstFailure: options.stopAtFirstFailure,
    cacheFolder: join(".funprm", "references"),
    signal,
    ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
  };
}

async function resultForm(form: Options["form"], graded: readonly Graded[], tests: Tests): Promise<string> {
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  switch (form) {
    case "evalplus":
      return JSON.stringify(evalplusResults(graded, date));
    case "bigcodebench":
      return JSON.stringify(bigcodebenchResults(graded, date));
    case "livecodebench": {
      const byProblem = new Map<string, Graded[]>();
      for (const each of graded) {
        const id = each.candidate.problemId;
        byProblem.set(id, [...(byProblem.get(id) ?? []), each]);
      }
      const records = [];
      for (const [id, group] of byProblem) {
        const problem = await tests.get(id);
        if (problem !== undefined) records.push(evalAll(problem, group));
      }
      return JSON.stringify(records);
    }
    case "funprm":
      return graded.map(gradedLine).join("\n");
  }
}

/** Problems with their tests by id, one in memory at a time. */
interface Tests {
  readonly get: (id: string) => Promise<Problem | undefined>;
  readonly close: () => Promise<void>;
}

async function openTests(problems: string, suite: string | undefined): Promise<Tests> {
  const index = await ProblemIndex.open(problems);
  const bySlug = new Map<string, Problem>();
  if (suite !== undefined) {
    for await (const tests of readProblems(suite)) bySlug.set(tests.title ?? tests.id, tests);
  }
  return {
    get: async (id) => {
      const problem = await index.get(id);
      const tests = bySlug.get(slugOf(problem?.title ?? ""));
      return problem === undefined || tests === undefined ? problem : withSuiteTests(problem, tests);
    },
    close: () => index.close(),
  };
}

/** Counts verdicts and says at the end what came of them. */
class Tally {
  readonly #verdicts = new Map<string, number>();
  readonly #report: Reporter;
  readonly #started = performance.now();
  #done = 0;
  #unjudged = 0;
  #firstFault: string | undefined;

  constructor(report: Reporter) {
    this.#report = report;
  }

  add({ verdict, failedTest, candidate }: Graded): void {
    this.#done += 1;
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    if (verdict === "infra_error") {
      this.#unjudged += 1;
      this.#firstFault ??= `${candidate.problemId}, sample ${candidate.sampleIndex}: ${failedTest?.message ?? "no reason"}`;
    }
    this.#report.progress("graded", this.#done);
  }

  /** Candidates of an earlier run that could not be judged; they are not graded again. */
  addEarlier(unjudged: number): void {
    this.#unjudged += unjudged;
    if (unjudged > 0) this.#firstFault = "in the earlier run; without --resume it is graded again";
  }

  /** The exit code: 5 when some candidate could not be judged. */
  finish(): number {
    const seconds = (performance.now() - this.#started) / 1000;
    const counts = [...this.#verdicts]
      .toSorted((a, b) => b[1] - a[1])
      .map(([verdict, n]) => `${verdict} ${n}`);
    this.#report.clear();
    this.#report.note(
      `graded ${this.#done} candidates in ${seconds.toFixed(1)} s (${(this.#done / seconds).toFixed(1)}/s): ${counts.join(", ") || "none"}`,
    );
    if (this.#firstFault === undefined) return 0;
    this.#report.error(`${this.#unjudged} candidates could not be judged; the first: ${this.#firstFault}`);
    return EXIT_CODE.grading;
  }
}
