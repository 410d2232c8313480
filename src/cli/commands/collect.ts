import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { ProblemMap } from "../../formats/problem-map.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import { collectRewards, type ProgramRewards, type Source } from "../../rollout/collect.ts";
import { keptProgram } from "../../rollout/kept-prefix.ts";
import { outlineOf } from "../../rollout/outline.ts";
import type { RolloutPolicy } from "../../rollout/policy.ts";
import { donorsOf, poolPolicy } from "../../rollout/pool-policy.ts";
import { properPrefixes } from "../../rollout/prefix.ts";
import { stepRewardLines } from "../../rollout/reward-records.ts";
import { byProblem, chooseSources, forecastRollouts } from "../../rollout/rollout-sources.ts";
import { openVerdicts } from "../../rollout/verdict-store.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { loadPythonParser } from "../../steps/index.ts";
import type { Invocation } from "../command.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { collectLines } from "../collect-lines.ts";
import { openContinuing } from "../../rollout/open-api-policy.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type Forecast, printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";
import { openSampling } from "../../solve/sampling/sampling.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  if (options.policy === "pool" && options.candidates === undefined) {
    throw new FunprmError("usage", "--policy pool recombines recorded programs: give --candidates FILE");
  }
  if (options.steps === "program") {
    throw new FunprmError("usage", "expected --steps function or line, got program: for its verdict, grade");
  }
  refuseProblemsFromStdin("collect", invocation.args);
  await loadPythonParser();
  const problems = await readAllProblems(invocation.args);
  const tests = await openTests(invocation.args);
  try {
    const candidates = await candidatesOf(options, problems, report, invocation.signal);
    // A forecast of samples that are not there yet has been printed.
    if (candidates === undefined) return 0;
    return await collect({
      options,
      report,
      problems,
      candidates,
      lookup: tests.get,
      signal: invocation.signal,
    });
  } finally {
    await tests.close();
  }
}

interface CollectRun {
  readonly options: Options;
  readonly report: Reporter;
  readonly problems: readonly Problem[];
  readonly candidates: readonly Candidate[];
  readonly lookup: ProblemLookup;
  readonly signal: AbortSignal;
}

/** K of DreamPRM-Code. */
const DEFAULT_ROLLOUTS = 16;

async function collect(run: CollectRun): Promise<number> {
  const { options, report, problems, lookup, signal } = run;
  if (options.unsafe)
    report.warn("--unsafe: candidates run with all your rights; they can read and delete your files");
  const outlines = run.candidates
    .filter(({ code }) => code.trim() !== "")
    .map((candidate) => ({ candidate, outline: outlineOf(candidate.code) }));
  const sources = chooseSources(outlines, options.limit, options.seed);
  if (options.steps === "line") {
    const chosen = sources.map(({ candidate }) => candidate);
    return collectLines({ ...run, chosen, all: outlines.map(({ candidate }) => candidate) });
  }
  const { rollouts = DEFAULT_ROLLOUTS } = options;
  const { policy, forecast, close } = await openPolicy(run, outlines);
  try {
    if (options.dryRun) {
      const cost = { ...forecastRollouts(sources, rollouts), ...(await forecast(sources)) };
      await printForecast(cost, options);
      return 0;
    }
    const { rollouts: total } = forecastRollouts(sources, rollouts);
    const verdicts = await openVerdicts(options.verdicts);
    try {
      const sandbox = await openSandbox({
        python: options.python,
        unsafe: options.unsafe,
        ...(options.jobs !== undefined && { jobs: options.jobs }),
      });
      try {
        const programs = await collectRewards(sources, {
          lookup,
          policy,
          rollouts,
          verdicts,
          sandbox,
          interpreter: options.python,
          grade: {
            memoryBytes: options.memory * 2 ** 20,
            ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
          },
          signal,
          onProgress: (done) => report.progress("judged", done, total + sources.length),
        });
        await write(programs, policy, run);
        return summarise(programs, problems, report);
      } finally {
        await sandbox.close();
      }
    } finally {
      await verdicts.close();
    }
  } finally {
    await close();
  }
}

interface OpenPolicy {
  readonly policy: RolloutPolicy;
  /** What the completions would cost, grading left out, as fields of the forecast. */
  readonly forecast: (sources: readonly Source[]) => Promise<Forecast>;
  readonly close: () => Promise<void>;
}

async function openPolicy(run: CollectRun, outlines: readonly Source[]): Promise<OpenPolicy> {
  const { options, report } = run;
  if (options.policy === "api") {
    const open = await openContinuing(options, report, keptProgram);
    const { rollouts = DEFAULT_ROLLOUTS } = options;
    return {
      ...open,
      forecast: (sources) =>
        open.forecast(
          sources.flatMap(({ candidate, outline }) => properPrefixes(candidate, outline)),
          run.problems,
          rollouts,
        ),
    };
  }
  const donors = new Map(
    [...byProblem(outlines)].map(([id, group]) => [id, donorsOf(group.map(({ outline }) => outline))]),
  );
  return { policy: poolPolicy(donors, options.seed), forecast: async () => ({}), close: async () => {} };
}

async function write(
  programs: readonly ProgramRewards[],
  policy: RolloutPolicy,
  run: CollectRun,
): Promise<void> {
  await withOutput(run.options.out, async (output) => {
    for (const program of programs) {
      for (const line of stepRewardLines(program, policy.by)) await output.write(`${line}\n`);
    }
  });
}

function summarise(
  programs: readonly ProgramRewards[],
  problems: readonly Problem[],
  report: Reporter,
): number {
  // Programs with equal prefixes share their tallies.
  const tallies = [...new Set(programs.flatMap((program) => program.tallies))];
  const sum = (of: (tally: ProgramRewards["tallies"][number]) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  report.clear();
  report.note(
    `${programs.length} programs, ${tallies.length} different prefixes: ${sum(({ k }) => k)} of ${sum(({ K }) => K)} completions pass, ` +
      `${sum(({ rejected }) => rejected)} did not keep their prefix`,
  );
  const unjudged =
    sum((tally) => tally.unjudged) +
    programs.filter(({ passed, outline }) => passed === null && outline.code !== "").length;
  const answered = new Set(programs.map(({ candidate }) => candidate.problemId));
  const without = problems.filter(({ id }) => !answered.has(id));
  for (const { id } of without) report.warn(`problem ${id}: no candidate with code`);
  if (unjudged > 0) {
    report.error(`${unjudged} programs could not be judged; they count neither as passing nor as failing`);
    return EXIT_CODE.grading;
  }
  return without.length > 0 ? EXIT_CODE["no-candidate"] : 0;
}

/** Recorded candidates, or fresh ones; undefined when only a forecast was wanted and has been printed. */
async function candidatesOf(
  options: Options,
  problems: readonly Problem[],
  report: Reporter,
  signal: AbortSignal,
): Promise<Candidate[] | undefined> {
  if (options.candidates !== undefined) return recorded(options.candidates, problems);
  // --timeout is the time limit of a test here.
  const { timeout: _, ...sampled } = options;
  const sampling = await openSampling(sampled, report);
  try {
    if (options.dryRun) {
      await printForecast(await sampling.forecast(problems), options);
      report.note(
        "completions can be forecast when the programs are there: sample first, or give --candidates",
      );
      return undefined;
    }
    const candidates: Candidate[] = [];
    for await (const candidate of sampling.candidates(problems, signal)) candidates.push(candidate);
    const order = new Map(problems.map(({ id }, place) => [id, place]));
    const place = ({ problemId }: Candidate): number => order.get(problemId) ?? 0;
    return candidates.sort((a, b) => place(a) - place(b) || a.sampleIndex - b.sampleIndex);
  } finally {
    await sampling.close();
  }
}

async function recorded(file: string, problems: readonly Problem[]): Promise<Candidate[]> {
  const known = new ProblemMap();
  for (const problem of problems) known.addProblem(problem);
  const candidates: Candidate[] = [];
  for await (const candidate of readCandidates([file], candidateOptions(known))) {
    const problem = known.get(candidate.problemId);
    if (problem !== undefined) candidates.push({ ...candidate, problemId: problem.id });
  }
  return candidates;
}

async function openTests(files: readonly string[]): Promise<{
  readonly get: ProblemLookup;
  readonly close: () => Promise<void>;
}> {
  const indexes: ProblemIndex[] = [];
  for (const file of files) indexes.push(await ProblemIndex.open(file));
  return {
    get: async (id) => {
      for (const index of indexes) {
        const problem = await index.get(id);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    close: async () => {
      for (const index of indexes) await index.close();
    },
  };
}
