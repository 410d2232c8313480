import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import { printForecast } from "../../console/forecast.ts";
import type { Reporter } from "../../console/reporter.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { ProblemIndex } from "../../formats/problem-file.ts";
import { ProblemMap } from "../../formats/problem-map.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import type { Options } from "../../settings/options.ts";
import { openSampling } from "../../solve/sampling/sampling.ts";
import type { CollectShard } from "./collect-shard.ts";

/** Problems of the whole run, and of this shard. */
interface OwnProblems {
  readonly all: readonly Problem[];
  readonly problems: readonly Problem[];
  readonly shard: CollectShard | undefined;
}

/** Recorded candidates, or fresh ones; undefined when only a forecast was wanted and has been printed. */
export async function candidatesOf(
  options: Options,
  { all, problems, shard }: OwnProblems,
  report: Reporter,
  signal: AbortSignal,
): Promise<Candidate[] | undefined> {
  if (options.candidates !== undefined) {
    const candidates = await recorded(options.candidates, all);
    return shard?.ownOf(candidates) ?? candidates;
  }
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
    const order = new Map(all.map(({ id }, place) => [id, place]));
    shard?.sampled(order, problems, sampling.source);
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

/** Problems with their tests by id, one in memory at a time. */
export async function openTests(files: readonly string[]): Promise<{
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
