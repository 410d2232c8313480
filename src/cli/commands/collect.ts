import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import { collectRewards, type ProgramRewards, type Source } from "../../rollout/collect.ts";
import { keptProgram } from "../../rollout/kept-prefix.ts";
import { outlineOf } from "../../rollout/outline.ts";
import type { RolloutPolicy } from "../../rollout/policy.ts";
import { donorsOf, poolPolicy } from "../../rollout/pool-policy.ts";
import { properPrefixes } from "../../rollout/prefix.ts";
import { stepRewardLines } from "../../rollout/reward-records.ts";
import { byProblem, chooseSources, forecastRollouts } from "../../rollout/rollout-sources.ts";
import { gradingLimits } from "../../grade/grader.ts";
import { belongsTo, type Shard } from "../../shard/shard.ts";
import { candidatesOf, openTests } from "../collect/collect-input.ts";
import { collectLines } from "../collect/collect-lines.ts";
import { CollectShard } from "../collect/collect-shard.ts";
import { withGrading } from "../collect/with-grading.ts";
import { loadPythonParser } from "../../steps/index.ts";
import type { Invocation } from "../command.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { openContinuing } from "../../rollout/open-api-policy.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type Forecast, printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  if (options.policy === "pool" && options.candidates === undefined) {
    throw new FunprmError("usage", "--policy pool recombines recorded programs: give --candidates FILE");
  }
  if (options.steps === "program") {
    throw new FunprmError("usage", "expected --steps function or line, got program: for its verdict, grade");
  }
  if (options.shard !== undefined && options.steps === "line") {
    throw new FunprmError(
      "usage",
      "--shard divides --steps function; lines are chosen for a mix over all problems. Share --verdicts instead",
    );
  }
  refuseProblemsFromStdin("collect", invocation.args);
  const shard = options.shard && openShard(options.shard, options, invocation.args);
  await loadPythonParser();
  const all = await readAllProblems(invocation.args);
  const problems = all.filter(({ id }) => belongsTo(options.shard, id));
  const tests = await openTests(invocation.args);
  try {
    await shard?.begin();
    const candidates = await candidatesOf(options, { all, problems, shard }, report, invocation.signal);
    // A forecast of samples that are not there yet has been printed.
    if (candidates === undefined) return 0;
    return await collect({
      options,
      report,
      problems,
      candidates,
      lookup: tests.get,
      signal: invocation.signal,
      ...(shard !== undefined && { shard }),
    });
  } finally {
    await tests.close();
  }
}

/** @throws FunprmError `usage` where the shard has no file of its own */
function openShard(shard: Shard, { out }: Options, problemFiles: readonly string[]): CollectShard {
  if (out === undefined || out === "-") {
    throw new FunprmError(
      "usage",
      "--shard needs a file of its own, which funprm merge reads: name it with --out",
    );
  }
  return new CollectShard(shard, out, problemFiles);
}

interface CollectRun {
  readonly options: Options;
  readonly report: Reporter;
  readonly problems: readonly Problem[];
  readonly candidates: readonly Candidate[];
  readonly lookup: ProblemLookup;
  readonly signal: AbortSignal;
  readonly shard?: CollectShard;
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
    return await withGrading(run, async ({ sandbox, grade }) => {
      let timeLimits = 0;
      const programs = await collectRewards(sources, {
        lookup,
        policy,
        rollouts,
        sandbox,
        grade: {
          ...grade,
          onGraded: ({ verdict }) => {
            if (verdict === "time_limit") timeLimits += 1;
          },
        },
        signal,
        onProgress: (done) => report.progress("judged", done, total + sources.length),
      });
      const lines = await write(programs, policy, run);
      const exit = summarise(programs, problems, report);
      const limits = { ...gradingLimits(grade) };
      const settings = { ...settingsOf(options), rollouts, by: JSON.stringify(policy.by), limits };
      await run.shard?.finish({ lines, exit, settings, timeLimits, sandbox, signal });
      return exit;
    });
  } finally {
    await close();
  }
}

/** What the lines of all shards depend on besides input, limits and policy. */
function settingsOf({ limit, seed, samples }: Options): Record<string, number | null> {
  return { limit: limit ?? null, seed, samples };
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

/** Gives how many lines there are of each program. */
async function write(
  programs: readonly ProgramRewards[],
  policy: RolloutPolicy,
  run: CollectRun,
): Promise<ReadonlyMap<Candidate, number>> {
  const written = new Map<Candidate, number>();
  await withOutput(run.options.out, async (output) => {
    for (const program of programs) {
      const lines = stepRewardLines(program, policy.by);
      for (const line of lines) await output.write(`${line}\n`);
      written.set(program.candidate, lines.length);
    }
  });
  return written;
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
