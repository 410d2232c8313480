import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { ProblemMap } from "../../formats/problem-map.ts";
import { type AnswerRun, Answers } from "../../solve/answers.ts";
import type { Invocation } from "../command.ts";
import { refuseStdinTwice } from "../stdin-once.ts";
import { withMethod } from "../../solve/open-method.ts";
import { readOptions } from "../../settings/options.ts";
import { printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { createReporter } from "../../console/reporter.ts";
import { openSampling } from "../../solve/sampling.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  refuseStdinTwice([options.candidates, ...invocation.args]);
  const problems = await readAllProblems(invocation.args);
  if (options.candidates !== undefined) {
    const candidates = recorded(options.candidates, problems);
    return solve({ problems, candidates, expected: Infinity, options, report, signal: invocation.signal });
  }
  const sampling = await openSampling(options, report);
  try {
    if (options.dryRun) {
      await printForecast(await sampling.forecast(problems), options);
      return 0;
    }
    const candidates = sampling.candidates(problems, invocation.signal);
    const expected = options.samples;
    return await solve({
      problems,
      candidates,
      expected,
      options,
      report,
      sampling,
      signal: invocation.signal,
    });
  } finally {
    await sampling.close();
  }
}

interface SolveRun extends AnswerRun {
  readonly candidates: AsyncIterable<Candidate>;
  /** Candidates after which a problem is complete; Infinity when only the end of the input tells. */
  readonly expected: number;
}

/** Answers each problem as soon as its candidates are there, and prints the answers in the order of the problems. */
async function solve(run: SolveRun): Promise<number> {
  const { problems, options, report } = run;
  return withMethod(options, report, run.signal, (open) =>
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
        // What was sampled before the API failed is still worth an answer; an interrupted user wants none.
        if (!(error instanceof FunprmError) || (error.code !== "api" && error.code !== "budget")) throw error;
        failure = error;
      }
      for (const { id } of problems) await answers.add(id, pools.get(id) ?? []);
      report.clear();
      if (failure === undefined) return answers.unusable > 0 ? EXIT_CODE["no-candidate"] : 0;
      report.error(failure.message);
      return EXIT_CODE[failure.code];
    }),
  );
}

async function* recorded(file: string, problems: readonly Problem[]): AsyncGenerator<Candidate> {
  const known = new ProblemMap();
  for (const problem of problems) known.addProblem(problem);
  for await (const candidate of readCandidates([file], candidateOptions(known))) {
    const problem = known.get(candidate.problemId);
    if (problem !== undefined) yield { ...candidate, problemId: problem.id };
  }
}
