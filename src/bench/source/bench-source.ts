import { endsSampling } from "../../llm/api-failure.ts";
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { type BenchProblem, keyOf } from "../bench-pool.ts";
import { readBenchProblems, TestLookup } from "./problem-files.ts";
import { sha256OfFiles } from "../../files/files-sha256.ts";
import type { BenchSize } from "../results/earlier-results.ts";
import type { RunIdentity } from "../run-identity.ts";
import { filterProblems, type ProblemFilter } from "../suites/problem-filter.ts";
import { FunprmError } from "../../core/errors.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import type { Problem } from "../../core/problem.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { ProblemMap } from "../../formats/problem-map.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import { type ProblemSet, problemSet } from "./problems.ts";
import { CandidatePools } from "./candidates-by-problem.ts";
import type { Invocation } from "../../cli/command.ts";
import type { Options } from "../../settings/options.ts";
import type { Forecast } from "../../console/forecast.ts";
import type { Reporter } from "../../console/reporter.ts";
import { belongsTo } from "../../shard/shard.ts";
import { openSampling, type Sampling } from "../../solve/sampling/sampling.ts";

/** What a bench compares: problems, and where their candidates come from. */
export interface BenchSource {
  readonly title: string;
  /** Name of the default folder. */
  readonly name: string;
  readonly identity: RunIdentity;
  readonly producedBy: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** What it is about at most, before anything is sampled. */
  readonly size: BenchSize;
  /** The places of all problems, also of those that other shards are about. */
  readonly places: ReadonlyMap<string, number>;
  readonly tests: ProblemLookup;
  readonly testsSha256: readonly string[];
  /** What is still to do, before it is done. */
  forecast(): Promise<Forecast>;
  /** All candidates by problem; `failure` says why sampling ended early, with what was sampled until then. */
  candidates(signal: AbortSignal): Promise<{
    readonly problems: readonly BenchProblem[];
    readonly failure?: FunprmError;
  }>;
  close(): Promise<void>;
}

/** `budget` is what samples may cost. */
export async function loadSource(
  { args, signal }: Invocation,
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<BenchSource> {
  const set = await problemSet(args[0], options, report, signal);
  try {
    return await sourceOf(set, options, report, budget);
  } catch (error) {
    await set.close();
    throw error;
  }
}

async function sourceOf(
  set: ProblemSet,
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<BenchSource> {
  const all = await readBenchProblems(set.files);
  const filter = filterOf(options);
  const problems = filterProblems(all, filter);
  if (problems.length === 0) {
    throw new FunprmError(
      "usage",
      `none of the ${all.length} problems of ${set.title} fits ${JSON.stringify(filter)}; widen it`,
    );
  }
  const testFiles = [...set.files, ...(options.tests === undefined ? [] : [options.tests])];
  const testsSha256 = await sha256OfFiles(testFiles);
  const lookup = new TestLookup({ files: set.files, tests: options.tests });
  const pooled = options.pool.length > 0;
  const from = pooled
    ? await recordedPool(all, problems, options, set)
    : await sampled(problems, options, report, set, budget);
  const { limit: _limit, ...window } = filter;
  const identity: RunIdentity = {
    suite: set.suite ?? null,
    problems_sha256: testsSha256,
    ...Object.fromEntries(Object.entries(window).map(([name, value]) => [name, value ?? null])),
    ...from.identity,
  };
  return {
    title: [set.title, windowTitle(filter), from.title].filter((part) => part !== "").join(", "),
    name: `${set.suite ?? "pool"}-${keyOf(identity).slice(0, 10)}`,
    identity,
    producedBy: {
      suite: set.title,
      problems: problems.length,
      problem_files_sha256: testsSha256,
      filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
      ...from.producedBy,
    },
    notes: [...set.notes, ...from.notes],
    size: from.size,
    places: new Map(problems.map(({ id }, place) => [id, place])),
    tests: lookup.get,
    testsSha256,
    forecast: from.forecast,
    candidates: from.candidates,
    close: async () => {
      await lookup.close();
      await from.close();
      await set.close();
    },
  };
}

interface CandidateSource {
  readonly title: string;
  readonly identity: RunIdentity;
  readonly producedBy: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly size: BenchSize;
  readonly forecast: BenchSource["forecast"];
  readonly candidates: BenchSource["candidates"];
  readonly close: () => Promise<void>;
}

/** Candidates that were sampled before, by whomever. */
async function recordedPool(
  all: readonly Problem[],
  problems: readonly Problem[],
  options: Options,
  set: ProblemSet,
): Promise<CandidateSource> {
  const known = new ProblemMap();
  for (const problem of all) known.addProblem(problem);
  const fields = options.by.join() === "none" ? ["model"] : options.by;
  const pools = new CandidatePools(problems, fields);
  let outside = 0;
  const read = createHash("sha256");
  const extra = new Set<string>();
  for await (const candidate of readCandidates(options.pool, candidateOptions(known))) {
    const { problemId, sampleIndex, model = null, passed = null, code } = candidate;
    read.update(JSON.stringify([problemId, sampleIndex, model, passed, code]));
    for (const field of Object.keys(candidate.extra)) extra.add(field);
    const problem = known.get(candidate.problemId);
    if (problem === undefined) {
      // A pool may be of more releases than are asked for; one's own problems are meant to hold all.
      if (set.suite !== undefined) {
        outside += 1;
        continue;
      }
      throw new FunprmError(
        "input",
        `${candidate.file}:${candidate.line}: the candidate names problem ${JSON.stringify(candidate.problemId)}, which the problems do not hold; ` +
          "give the file with its statement in --problems",
      );
    }
    pools.add(problem.id, candidate);
  }
  // A misspelt field would make one sampler of all.
  const unknown = fields.find((field) => field !== "model" && !extra.has(field));
  if (unknown !== undefined) {
    const has = extra.size === 0 ? "no further fields" : `the fields ${[...extra].slice(0, 20).join(", ")}`;
    throw new FunprmError(
      "usage",
      `--by ${unknown}: expected a field of the candidates; besides model they have ${has}`,
    );
  }
  const taken = pools.problems();
  if (taken.length === 0)
    throw new FunprmError(
      "input",
      `${options.pool.join(", ")}: no candidate of the problems that are wanted`,
    );
  const files = await regularFiles(options.pool);
  const sums = await sha256OfFiles(files);
  // Stdin and folders have no bytes to read again; what came of them has.
  if (files.length < options.pool.length) sums.push(read.digest("hex"));
  const without = problems.length - taken.length;
  return {
    title: `${pools.count} recorded candidates`,
    identity: { candidates_sha256: sums, by: options.by },
    producedBy: { candidates: pools.count, candidate_files_sha256: sums, samplers_by: options.by },
    notes: [
      ...(without === 0 ? [] : [`${without} problems have no candidate in the pool and are left out.`]),
      ...(outside === 0
        ? []
        : [`${outside} candidates are of problems outside ${set.title} and are left out.`]),
    ],
    size: { problems: taken.length, candidates: pools.count },
    forecast: async () => ({
      problems: taken.length,
      candidates: pools.count,
      different_programs: taken.reduce(
        (sum, { candidates }) => sum + new Set(candidates.map(({ code }) => code)).size,
        0,
      ),
      without_verdict: taken.reduce(
        (sum, { candidates }) => sum + candidates.filter(({ recorded }) => recorded === undefined).length,
        0,
      ),
      samples: 0,
      usd_at_most: 0,
    }),
    candidates: async () => ({ problems: taken }),
    close: async () => {},
  };
}

/** Candidates from an API, through the sample store. */
async function sampled(
  problems: readonly Problem[],
  options: Options,
  report: Reporter,
  set: ProblemSet,
  budget: Budget | undefined,
): Promise<CandidateSource> {
  if (options.model === undefined) {
    throw new FunprmError(
      "usage",
      `bench ${set.suite ?? ""} needs candidates: sample them with --model NAME (and --base-url), or give recorded ones with --pool FILE`,
    );
  }
  const sampling = await openSampling(options, report, budget);
  const own = problems.filter(({ id }) => belongsTo(options.shard, id));
  const { model, endpoint, params, prompts } = sampling.source;
  return {
    title: `${model}, N=${options.samples}`,
    identity: { model, endpoint, prompts_sha256: Object.values(prompts), sampling: JSON.stringify(params) },
    producedBy: { sampling: sampling.source, samples: options.samples },
    notes: [],
    size: { problems: problems.length, candidates: problems.length * options.samples },
    forecast: () => sampling.forecast(own),
    candidates: (signal) => collect(own, sampling, options, signal),
    close: () => sampling.close(),
  };
}

async function collect(
  problems: readonly Problem[],
  sampling: Sampling,
  options: Options,
  signal: AbortSignal,
): ReturnType<BenchSource["candidates"]> {
  const pools = new CandidatePools(problems, ["model"]);
  try {
    for await (const candidate of sampling.candidates(problems, signal))
      pools.add(candidate.problemId, candidate);
  } catch (error) {
    const complete = pools.problems(options.samples);
    if (!endsSampling(error) || complete.length === 0) throw error;
    return { problems: complete, failure: error };
  }
  return { problems: pools.problems() };
}

async function regularFiles(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => path !== "-" && (await stat(path).catch(() => null))?.isFile()),
  );
  return paths.filter((_, at) => found[at] === true);
}

function filterOf({ from, to, platform, difficulty, limit }: Options): ProblemFilter {
  return { from, to, platform, difficulty, limit };
}

function windowTitle({ from, to, platform, difficulty, limit }: ProblemFilter): string {
  const parts = [
    from === undefined && to === undefined ? "" : `${from ?? ""}..${to ?? ""}`,
    platform?.join("+") ?? "",
    difficulty?.join("+") ?? "",
    limit === undefined ? "" : `first ${limit}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
