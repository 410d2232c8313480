import { endsSampling } from "../../llm/api-failure.ts";
import { existsSync } from "node:fs";
import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { ProblemMap } from "../../formats/problem-map.ts";
import { type AnswerRun, Answers } from "../../solve/answers.ts";
import type { Invocation } from "../command.ts";
import { refuseStdinTwice } from "../stdin-once.ts";
import { type OwnTests, ownTests } from "../../own-tests/project.ts";
import { problemOf } from "../../serve/chat/problem-of-request.ts";
import { type OpenMethod, withMethod } from "../../solve/open-method.ts";
import { openSeparation, type Separating } from "../../solve/open-separation.ts";
import { budgetOf } from "../../solve/sampling/connect.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type Forecast, printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";
import { answerInRounds } from "../../solve/rounds/answer-in-rounds.ts";
import { openSampling, type Sampling } from "../../solve/sampling/sampling.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  refuseStdinTwice([options.candidates, ...invocation.args]);
  const problems = await problemsOf(invocation.args);
  const tests = await ownTests(options, process.cwd());
  if (options.recombine && (tests !== undefined || options.minConfidence > 0))
    throw new FunprmError(
      "usage",
      "--recombine may print a class that is none of the candidates: your tests have not run on it, and the confidence is " +
        "not its own. Leave out --recombine, or --test, --test-file and --min-confidence",
    );
  const budget = budgetOf(options);
  const separating = await openSeparation(options, report, budget);
  try {
    const run = { problems, options, report, tests, separating, signal: invocation.signal };
    return options.candidates === undefined
      ? await solveSampled(run, budget)
      : await solveRecorded(run, options.candidates);
  } finally {
    await separating?.close();
  }
}

async function solveRecorded(run: TestedRun, file: string): Promise<number> {
  const { problems, options, separating } = run;
  if (options.dryRun && separating !== undefined) {
    await printForecast({ separation: await separating.forecast(problems) }, options);
    return 0;
  }
  return solve({ ...run, candidates: recorded(file, problems), expected: Infinity });
}

async function solveSampled(run: TestedRun, budget: Budget | undefined): Promise<number> {
  const { problems, options, report, separating } = run;
  const inRounds = options.leastSamples < options.samples;
  if (options.repair && !inRounds)
    throw new FunprmError(
      "usage",
      "--repair mends between rounds: give a range of samples, such as -n 4..16",
    );
  const sampling = await openSampling(options, report, budget);
  try {
    if (options.dryRun) {
      await printForecast(await forecast(sampling, problems, options, separating), options);
      return 0;
    }
    if (inRounds) {
      return await solveInRounds({ ...run, sampling });
    }
    const candidates = sampling.candidates(problems, run.signal);
    return await solve({ ...run, sampling, candidates, expected: options.samples });
  } finally {
    await sampling.close();
  }
}

/** In rounds: at most, and what the first round costs in any case. An LLM's help is told apart. */
async function forecast(
  sampling: Sampling,
  problems: readonly Problem[],
  { leastSamples, samples, repair }: Options,
  separating: Separating | undefined,
): Promise<Forecast> {
  const most = {
    ...(await sampling.forecast(problems)),
    ...(separating !== undefined && { separation: await separating.forecast(problems) }),
  };
  if (leastSamples === samples) return most;
  return {
    ...most,
    first_round: await sampling.forecast(problems, leastSamples),
    ...(repair && { not_counted: "prompts that ask for repairs are longer, by the program they hold" }),
  };
}

interface TestedRun extends AnswerRun {
  readonly tests: OwnTests | undefined;
}

function solveInRounds(run: TestedRun & { readonly sampling: Sampling }): Promise<number> {
  const { problems, options, report, sampling, signal, tests } = run;
  const work = (open: OpenMethod): Promise<number> =>
    withOutput(options.out, async (output) => {
      const answers = new Answers(run, open, output);
      const { leastSamples: least, samples: most, stopAt, minGain, repair } = options;
      const plan = { least, most, stopAt, minGain };
      const rounds = { plan, repair, sampling, signal, tests };
      return exitCode(answers, await answerInRounds(problems, answers, open, rounds), report);
    });
  return withMethod(options, report, signal, work, tests);
}

interface SolveRun extends TestedRun {
  readonly candidates: AsyncIterable<Candidate>;
  /** Candidates after which a problem is complete; Infinity when only the end of the input tells. */
  readonly expected: number;
}

/** Answers each problem as soon as its candidates are there, and prints the answers in the order of the problems. */
async function solve(run: SolveRun): Promise<number> {
  const { problems, options, report, tests } = run;
  const work = (open: OpenMethod): Promise<number> =>
    withOutput(options.out, async (output) => {
      const pools = new Map<string, Candidate[]>(problems.map(({ id }) => [id, []]));
      const answers = new Answers(run, open, output);
      let failure: FunprmError | undefined;
      try {
        for await (const candidate of run.candidates) {
          const pool = pools.get(candidate.problemId);
          pool?.push(candidate);
          if (pool?.length === run.expected) await answers.add(candidate.problemId, pool);
        }
      } catch (error) {
        if (!endsSampling(error)) throw error; // an interrupted user wants no answer
        failure = error;
      }
      for (const { id } of problems) await answers.add(id, pools.get(id) ?? []);
      return exitCode(answers, failure, report);
    });
  return withMethod(options, report, run.signal, work, tests);
}

/** Problems of files; an argument with blanks that is no file is a statement itself. */
async function problemsOf(args: readonly string[]): Promise<Problem[]> {
  const [only = ""] = args;
  const isStatement = args.length === 1 && /\S\s+\S/.test(only) && !existsSync(only);
  return isStatement ? [{ ...problemOf(only), id: "argument" }] : readAllProblems(args);
}

async function* recorded(file: string, problems: readonly Problem[]): AsyncGenerator<Candidate> {
  const known = new ProblemMap();
  for (const problem of problems) known.addProblem(problem);
  for await (const candidate of readCandidates([file], candidateOptions(known))) {
    const problem = known.get(candidate.problemId);
    if (problem !== undefined) yield { ...candidate, problemId: problem.id };
  }
}

function exitCode({ unusable }: Answers, failure: FunprmError | undefined, report: Reporter): number {
  report.clear();
  if (failure === undefined) return unusable > 0 ? EXIT_CODE["no-candidate"] : 0;
  report.error(failure.message);
  return EXIT_CODE[failure.code];
}
