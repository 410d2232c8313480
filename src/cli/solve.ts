import { type Candidate, codeSha256 } from "../core/candidate.ts";
import { bestOfN } from "../core/best-of-n.ts";
import { EXIT_CODE, FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { candidateOptions, readCandidates } from "../formats/candidates.ts";
import { ProblemMap } from "../formats/problem-map.ts";
import type { Invocation } from "./catalog.ts";
import { type OpenMethod, withMethod } from "./method.ts";
import { type Options, readOptions } from "./options.ts";
import { type DataWriter, withOutput } from "./output.ts";
import { readAllProblems } from "./problems.ts";
import { rankRecord } from "./records.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { openSampling, type Sampling } from "./sampling.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const problems = await readAllProblems(invocation.args);
  if (options.candidates !== undefined) {
    const candidates = recorded(options.candidates, problems);
    return solve({ problems, candidates, expected: Infinity, options, report, signal: invocation.signal });
  }
  const sampling = await openSampling(options, report);
  try {
    if (options.dryRun) {
      await withOutput(options.out, async (out) =>
        out.write(`${JSON.stringify(await sampling.forecast(problems))}\n`),
      );
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

interface SolveRun {
  readonly problems: readonly Problem[];
  readonly candidates: AsyncIterable<Candidate>;
  /** Candidates after which a problem is complete; Infinity when only the end of the input tells. */
  readonly expected: number;
  readonly options: Options;
  readonly report: Reporter;
  readonly sampling?: Sampling;
  readonly signal: AbortSignal;
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

class Answers {
  unusable = 0;
  readonly #run: SolveRun;
  readonly #open: OpenMethod;
  readonly #output: DataWriter;
  readonly #done = new Map<string, string>();
  #next = 0;

  constructor(run: SolveRun, open: OpenMethod, output: DataWriter) {
    this.#run = run;
    this.#open = open;
    this.#output = output;
  }

  /** Answers a problem, once, from the candidates there are; prints whatever is next in order. */
  async add(problemId: string, arrived: readonly Candidate[]): Promise<void> {
    const problem = this.#run.problems.find(({ id }) => id === problemId);
    if (problem === undefined || this.#done.has(problemId)) return;
    // Samples arrive in any order; the same samples are to give the same answer, ties included.
    const pool = arrived.toSorted((a, b) => a.sampleIndex - b.sampleIndex);
    this.#done.set(problemId, await this.#answer(problem, pool));
    for (;;) {
      const next = this.#run.problems[this.#next];
      const text = next === undefined ? undefined : this.#done.get(next.id);
      if (text === undefined) return;
      await this.#output.write(text);
      this.#next += 1;
    }
  }

  async #answer(problem: Problem, pool: readonly Candidate[]): Promise<string> {
    const { options, report, problems, sampling } = this.#run;
    const ranking = await bestOfN(problem, pool, this.#open.method);
    const best = ranking.find((ranked) => ranked.selected);
    const code = pool.find((candidate) => codeSha256(candidate.code) === best?.codeSha256)?.code;
    report.clear();
    if (best === undefined || code === undefined) {
      this.unusable += 1;
      report.warn(`problem ${problem.id}: no usable candidate among ${pool.length}`);
    } else {
      for (const warning of best.warnings)
        report.warn(`problem ${problem.id}, chosen sample ${best.sampleIndex}: ${warning}`);
      report.note(
        `${problem.id}: sample ${best.sampleIndex} of ${pool.length}, reward ${best.reward?.toFixed(4)} ` +
          `(${this.#open.by.aggregate} of ${best.steps.length} steps, ${this.#open.by.prm})`,
      );
    }
    if (options.json) {
      return `${JSON.stringify({
        problem_id: problem.id,
        sample_index: best?.sampleIndex ?? null,
        reward: best?.reward ?? null,
        code: code ?? null,
        candidates: pool.length,
        ranking: ranking.map((ranked) => rankRecord(ranked)),
        by: { ...this.#open.by, ...(sampling === undefined ? {} : { sampling: sampling.by(problem) }) },
      })}\n`;
    }
    if (code === undefined) return "";
    const program = code.endsWith("\n") ? code : `${code}\n`;
    // Several programs on one stream: a comment says whose each is.
    return problems.length === 1 ? program : `# funprm: ${JSON.stringify(problem.id)}\n${program}\n`;
  }
}
