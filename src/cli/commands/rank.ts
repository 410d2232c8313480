import type { Aggregate } from "../../core/aggregate.ts";
import { type Choice, choose } from "../../core/best-of-n.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { rewardsOf, scoreCandidates, type ScoredCandidate } from "../../core/step-rewards.ts";
import { candidateOptions, readCandidates, type ReadCandidate } from "../../formats/candidates.ts";
import { readStatements } from "../../formats/problems.ts";
import type { Invocation } from "../command.ts";
import { refuseStdinTwice } from "../stdin-once.ts";
import { prm } from "../../select/models/prm.ts";
import { type OpenPrm, withPrm } from "../../solve/open-prm.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type DataWriter, withOutput } from "../../console/output.ts";
import { rankRecord } from "../../solve/result-records.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";

/** Candidates scored together: enough to sort by length and to see duplicates, few enough to stay small. */
const CHUNK = 256;

export async function run({ args, flags, command, signal }: Invocation): Promise<number> {
  const options = readOptions({ args, flags, command, signal });
  const report = createReporter(options.quiet);
  if (options.problems === undefined) {
    throw new FunprmError(
      "usage",
      "rank needs the problems' statements: --problems FILE (or --problem FILE)",
    );
  }
  const sources = args.length === 0 ? ["-"] : args;
  refuseStdinTwice([options.problems, ...sources]);
  const problems = await readStatements(options.problems);
  const candidates = readCandidates(
    sources,
    candidateOptions(problems, (message) => report.warn(message)),
  );
  return withPrm(options, report, signal, (open) =>
    withOutput(options.out, (output) => rankStream({ candidates, problems, open, options, output, report })),
  );
}

interface RankRun {
  readonly candidates: AsyncIterable<ReadCandidate>;
  readonly problems: ReadonlyMap<string, Problem>;
  readonly open: OpenPrm;
  readonly options: Options;
  readonly output: DataWriter;
  readonly report: Reporter;
}

/**
 * Scores candidates as they come and keeps evidence, not code. Rankings are written when the input ends, or,
 * with --grouped, as soon as the next problem begins.
 */
async function rankStream(run: RankRun): Promise<number> {
  const { open, options, report } = run;
  const groups = new Map<string, ScoredCandidate[]>();
  const best = new BestPrograms(options.best, open.scoring.aggregate);
  const started = performance.now();
  let done = 0;
  let unusable = 0;

  const flush = async (problemId: string): Promise<void> => {
    const { ranking } = rankByReward(groups.get(problemId) ?? [], open.scoring.aggregate);
    if (!ranking.some((ranked) => ranked.selected)) {
      unusable += 1;
      report.warn(`problem ${problemId}: no usable candidate`);
    }
    const rows = options.best
      ? [best.take(problemId)]
      : ranking.map((ranked) => `${JSON.stringify(rankRecord(ranked, open.by))}\n`);
    for (const row of rows) await run.output.write(row);
  };

  const finished = new Set<string>();
  for await (const { pairs, complete } of chunks(checked(run, finished), options.grouped)) {
    const scored = await scoreCandidates(pairs, open.scoring);
    for (const [i, row] of scored.entries()) {
      const group = groups.get(row.problemId);
      if (group === undefined) groups.set(row.problemId, [row]);
      else group.push(row);
      best.offer(row, pairs[i]?.candidate.code ?? "");
    }
    done += pairs.length;
    report.progress("ranked", done, undefined, `${rate(open.scoring.scorer.usage.tokens, started)} tokens/s`);
    const problemId = pairs[0]?.candidate.problemId;
    if (!complete || problemId === undefined) continue;
    await flush(problemId);
    groups.delete(problemId);
    finished.add(problemId);
  }
  for (const problemId of groups.keys()) await flush(problemId);
  report.clear();
  if (done === 0) throw new FunprmError("input", "no candidates: the input is empty");
  const seconds = (performance.now() - started) / 1000;
  report.note(
    `ranked ${done} candidates of ${groups.size + finished.size} problems in ${seconds.toFixed(1)} s ` +
      `(${rate(done, started)} candidates/s, ${rate(open.scoring.scorer.usage.tokens, started)} tokens/s) ` +
      `by ${open.by.prm}, ${open.by.aggregate} of ${open.by.steps} steps`,
  );
  return unusable > 0 ? EXIT_CODE["no-candidate"] : 0;
}

async function* checked(
  { candidates, problems, options }: RankRun,
  finished: ReadonlySet<string>,
): AsyncGenerator<Pair> {
  for await (const candidate of candidates) {
    const problem = problems.get(candidate.problemId);
    if (problem === undefined) {
      throw new FunprmError(
        "input",
        `${candidate.file}:${candidate.line}: the candidate names problem ${JSON.stringify(candidate.problemId)}, which ` +
          `${options.problems} does not hold; give the file with its statement`,
      );
    }
    if (finished.has(problem.id)) {
      throw new FunprmError(
        "input",
        `candidates of problem ${JSON.stringify(problem.id)} come again after another problem's: ` +
          "the input is not grouped; leave out --grouped, or sort it by problem",
      );
    }
    yield { problem, candidate: { ...candidate, problemId: problem.id } };
  }
}

/** One problem's candidates by the PRM alone. No code is kept, so a candidate without rewards is one without code. */
function rankByReward(scored: readonly ScoredCandidate[], aggregate: Aggregate): Pick<Choice, "ranking"> {
  const pool = scored.map((candidate) => ({
    sampleIndex: candidate.sampleIndex,
    code: null,
    rewards: rewardsOf(candidate),
  }));
  return choose(scored[0]?.problemId ?? "", scored, pool, prm(aggregate));
}

/** The best program of each problem so far, for --best: the only code that outlives its chunk. */
class BestPrograms {
  readonly #wanted: boolean;
  readonly #aggregate: Aggregate;
  readonly #best = new Map<string, { readonly row: ScoredCandidate; readonly code: string }>();

  constructor(wanted: boolean, aggregate: Aggregate) {
    this.#wanted = wanted;
    this.#aggregate = aggregate;
  }

  offer(row: ScoredCandidate, code: string): void {
    if (!this.#wanted || row.steps.length === 0) return;
    const best = this.#best.get(row.problemId);
    const rows = best === undefined ? [row] : [best.row, row];
    const { ranking } = rankByReward(rows, this.#aggregate);
    if (best === undefined || ranking[0]?.codeSha256 !== best.row.codeSha256)
      this.#best.set(row.problemId, { row, code });
  }

  take(problemId: string): string {
    const code = this.#best.get(problemId)?.code ?? "";
    return code === "" || code.endsWith("\n") ? code : `${code}\n`;
  }
}

type Pair = { readonly problem: Problem; readonly candidate: ReadCandidate };

/**
 * Chunks of at most CHUNK candidates. Of a single problem when the input is grouped, `complete` once the next
 * problem has begun, so that no problem waits for the end.
 */
async function* chunks(
  pairs: AsyncIterable<Pair>,
  grouped: boolean,
): AsyncGenerator<{ readonly pairs: Pair[]; readonly complete: boolean }> {
  let chunk: Pair[] = [];
  for await (const pair of pairs) {
    const complete = grouped && chunk.length > 0 && chunk[0]?.problem !== pair.problem;
    if (complete || chunk.length >= CHUNK) {
      yield { pairs: chunk, complete };
      chunk = [];
    }
    chunk.push(pair);
  }
  if (chunk.length > 0) yield { pairs: chunk, complete: false };
}

function rate(count: number, startedMs: number): string {
  const seconds = (performance.now() - startedMs) / 1000;
  return (count / Math.max(seconds, 0.001)).toFixed(count / seconds < 100 ? 1 : 0);
}
