import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate } from "../../core/candidate.ts";
import { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { slugOf, withSuiteTests } from "../../formats/suites/leetcode.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { readProblems, readStatements } from "../../formats/problems.ts";
import { sha256OfFiles } from "../../files/files-sha256.ts";
import { lockFile } from "../../files/lock.ts";
import { GradedFile } from "../../grade/graded-file.ts";
import { gradeCandidates, gradingLimits, type GradeOptions } from "../../grade/grader.ts";
import { GRADING_VERSION } from "../../grade/grading-version.ts";
import { gradedLine } from "../../grade/output.ts";
import { bigcodebenchResults, evalAll, evalplusResults } from "../../grade/result-forms.ts";
import type { StoredOutcomes } from "../../grade/stored-outcomes.ts";
import type { Graded } from "../../grade/verdict.ts";
import { referenceMs } from "../../sandbox/machine-speed.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Shard } from "../../shard/shard.ts";
import { ShardInput } from "../../shard/shard-input.ts";
import { removeRecord, writeRecord } from "../../shard/shard-record.ts";
import { Units } from "../../shard/units.ts";
import { openStore, tellContradictions } from "../../solve/open-store.ts";
import { storedOutcomes } from "../../solve/open-verdicts.ts";
import type { Invocation } from "../command.ts";
import { GradeTally } from "../grade-tally.ts";
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

interface GradeRun {
  readonly candidates: AsyncIterable<Candidate>;
  /** The id of the problem that a candidate may spell otherwise. */
  readonly idOf: (problemId: string) => string;
  readonly tests: Tests;
  readonly sandbox: Sandbox;
  readonly options: Options;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** Verdicts that other processes share. */
  readonly verdicts?: StoredOutcomes;
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

function gradeOptions({ options, signal, verdicts }: GradeRun): GradeOptions {
  return {
    memoryBytes: options.memory * 2 ** 20,
    stopAtFirstFailure: options.stopAtFirstFailure,
    cacheFolder: join(".funprm", "references"),
    signal,
    ...(verdicts !== undefined && { known: verdicts }),
    ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
  };
}

/** What a shard of `grade` has done and says of it. */
class GradeShard {
  readonly #shard: Shard;
  readonly #run: GradeRun;
  readonly #out: string;
  readonly #input: ShardInput;
  readonly #units = new Units();
  #timeLimits = 0;

  constructor(shard: Shard, run: GradeRun, out: string) {
    this.#shard = shard;
    this.#run = run;
    this.#out = out;
    this.#input = new ShardInput(shard, run.idOf);
  }

  begin(): Promise<void> {
    return removeRecord(this.#out);
  }

  own(candidates: AsyncIterable<Candidate>): AsyncGenerator<Candidate> {
    return this.#input.own(candidates, (at) => this.#units.add(at, 1));
  }

  add({ verdict }: Graded): void {
    if (verdict === "time_limit") this.#timeLimits += 1;
  }

  async finish(exit: number, earlierTimeLimits: number): Promise<void> {
    const { options, sandbox, signal } = this.#run;
    const files = [options.problems, options.tests].filter((file) => file !== undefined);
    await writeRecord(this.#out, {
      command: "grade",
      shard: this.#shard,
      total: this.#input.total,
      units: this.#units,
      settings: {
        candidates_sha256: this.#input.sha256(),
        problems_sha256: await sha256OfFiles(files),
        grading_version: GRADING_VERSION,
        limits: { ...gradingLimits(gradeOptions(this.#run)) },
        stop_at_first_failure: options.stopAtFirstFailure,
        steady: options.steady,
        interpreter: sandbox.fingerprint ?? sandbox.identity,
      },
      referenceMs: await referenceMs(sandbox, signal),
      timeLimits: this.#timeLimits + earlierTimeLimits,
      exit,
    });
  }
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
      return graded.map((each) => gradedLine(each)).join("\n");
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
