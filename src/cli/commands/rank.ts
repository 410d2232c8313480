import { type Choice, choose } from "../../core/best-of-n.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Selector } from "../../core/selector.ts";
import { rewardsOf, scoreCandidates, type ScoredCandidate } from "../../core/step-rewards.ts";
import { candidateOptions, readCandidates, type ReadCandidate } from "../../formats/candidates.ts";
import { Spool } from "../../files/spool.ts";
import { readStatements } from "../../formats/problems.ts";
import type { Invocation } from "../command.ts";
import { RankShard } from "../rank-shard.ts";
import { eachShard } from "../rank-shards.ts";
import { refuseProblemsFromStdin, refuseStdinTwice } from "../stdin-once.ts";
import { prm } from "../../select/models/prm.ts";
import { soundThenPrm } from "../../select/models/sound-then-prm.ts";
import { type OpenPrm, withPrm } from "../../solve/open-prm.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type DataWriter, withOutput } from "../../console/output.ts";
import { ProgramReader, type Reading } from "../../solve/program-reader.ts";
import { rankRecord } from "../../solve/result-records.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";

/** Candidates scored together: enough to sort by length and to see duplicates, few enough to stay small. */
const CHUNK = 256;

export async function run({ args, flags, command, signal }: Invocation): Promise<number> {
  const options = readOptions({ args, flags, command, signal });
  // The flag alone: what funprm.toml says of --select is said of solve, which runs programs.
  const order = readOrder(flags["select"]);
  const report = createReporter(options.quiet);
  if (options.problems === undefined) {
    throw new FunprmError(
      "usage",
      "rank needs the problems' statements: --problems FILE (or --problem FILE)",
    );
  }
  const sources = args.length === 0 ? ["-"] : args;
  refuseStdinTwice([options.problems, ...sources, ...(options.shards === undefined ? [] : [options.shards])]);
  const first = openShard(options);
  const problems = await readStatements(options.problems);
  await first?.begin();
  const reader = new ProgramReader(options, report, signal);
  try {
    return await withPrm(options, report, signal, async (open) => {
      const one = async (wanted: Options, shard: RankShard | undefined): Promise<number> => {
        const candidates = readCandidates(
          sources,
          candidateOptions(problems, (message) => report.warn(message)),
        );
        const exit = await withOutput(wanted.out, (output) => {
          const selector = order(open.scoring.aggregate, "prm");
          const run = { candidates, problems, open, reader, selector, options: wanted, output, report };
          return rankStream({ ...run, ...(shard && { shard }) });
        });
        await shard?.finish(exit, open);
        return exit;
      };
      if (options.shards === undefined) return one(options, first);
      return eachShard(options.shards, async (task) => {
        const shard = openShard({ ...options, ...task, shards: undefined });
        await shard?.begin();
        return one({ ...options, ...task }, shard);
      });
    });
  } finally {
    await reader.close();
  }
}

/** The orders that need no program to run. */
const ORDERS = { prm, "soundness+prm": soundThenPrm };

function readOrder(name: unknown): (typeof ORDERS)["prm"] {
  if (name === undefined || name === "prm") return ORDERS.prm;
  if (name === "soundness+prm") return ORDERS[name];
  throw new FunprmError(
    "usage",
    `rank runs no program: expected --select ${Object.keys(ORDERS).join(" or ")}, got ${JSON.stringify(name)}; solve has the others`,
  );
}

/** @throws FunprmError `usage` where the shard's lines cannot be merged */
function openShard(options: Options): RankShard | undefined {
  const { shard, shards, grouped, best, out, problems = "" } = options;
  if (shards !== undefined && (shard !== undefined || out !== undefined))
    throw new FunprmError("usage", "--shards names shards and their files: leave out --shard and --out");
  if (shard === undefined) return undefined;
  if (!grouped || best || out === undefined || out === "-") {
    throw new FunprmError(
      "usage",
      "--shard needs --grouped and a file of its own, --out FILE, which funprm merge reads, and takes no --best: " +
        "problems are scored one by one then, so that rewards do not depend on what else is in a shard",
    );
  }
  refuseProblemsFromStdin("rank --shard", [problems]);
  return new RankShard(shard, out, options);
}

interface RankRun {
  readonly candidates: AsyncIterable<ReadCandidate>;
  readonly problems: ReadonlyMap<string, Problem>;
  readonly open: OpenPrm;
  readonly reader: ProgramReader;
  readonly selector: Selector;
  readonly options: Options;
  readonly output: DataWriter;
  readonly report: Reporter;
  readonly shard?: RankShard;
}

/** What is kept of a candidate. */
interface RankRow {
  readonly scored: ScoredCandidate;
  readonly soundness?: number;
}

/**
 * Scores and reads candidates as they come and keeps evidence, not code, on disk. Rankings are written when the input
 * ends, or, with --grouped, as soon as the next problem begins.
 */
async function rankStream(run: RankRun): Promise<number> {
  const rows = await Spool.open<RankRow>();
  try {
    return await rankInto(run, rows);
  } finally {
    await rows.close();
  }
}

async function rankInto(run: RankRun, rows: Spool<RankRow>): Promise<number> {
  const { open, options, report, reader, selector } = run;
  const best = new BestPrograms(options.best, selector);
  const started = performance.now();
  let done = 0;
  let unusable = 0;

  const flush = async (problemId: string): Promise<void> => {
    const { ranking } = ranked(await rows.rowsOf(problemId), selector);
    if (!ranking.some((each) => each.selected)) {
      unusable += 1;
      report.warn(`problem ${problemId}: no usable candidate`);
    }
    if (options.best) return run.output.write(best.take(problemId));
    for (const each of ranking) await run.output.write(`${JSON.stringify(rankRecord(each, open.by))}\n`);
    run.shard?.done(problemId, ranking.length);
  };

  const finished = new Set<string>();
  for await (const { pairs, complete } of chunks(checked(run, finished), options.grouped)) {
    const [scored, read] = await Promise.all([
      scoreCandidates(pairs, open.scoring),
      reader.read(pairs.map(({ problem, candidate: { code } }) => ({ problem, code }))),
    ]);
    for (const [i, each] of scored.entries()) {
      const row = withReading(each, read[i]);
      await rows.add(each.problemId, row);
      best.offer(row, pairs[i]?.candidate.code ?? "");
    }
    done += pairs.length;
    report.progress("ranked", done, undefined, `${rate(open.scoring.scorer.usage.tokens, started)} tokens/s`);
    const problemId = pairs[0]?.candidate.problemId;
    if (!complete || problemId === undefined) continue;
    await flush(problemId);
    await rows.drop(problemId);
    finished.add(problemId);
  }
  for (const problemId of rows.groups) await flush(problemId);
  report.clear();
  if (done === 0 && run.shard === undefined)
    throw new FunprmError("input", "no candidates: the input is empty");
  if (reader.summary !== undefined) report.note(reader.summary);
  const seconds = (performance.now() - started) / 1000;
  report.note(
    `ranked ${done} candidates of ${rows.groups.length + finished.size} problems in ${seconds.toFixed(1)} s ` +
      `(${rate(done, started)} candidates/s, ${rate(open.scoring.scorer.usage.tokens, started)} tokens/s) ` +
      `by ${open.by.prm}, ${open.by.aggregate} of ${open.by.steps} steps`,
  );
  return unusable > 0 ? EXIT_CODE["no-candidate"] : 0;
}

async function* checked(
  { candidates, problems, options, shard }: RankRun,
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
    if (shard?.isOwn(candidate, problem.id) === false) continue;
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

function withReading(scored: ScoredCandidate, reading: Reading | undefined): RankRow {
  if (reading === undefined) return { scored };
  const warnings = [...scored.warnings, ...reading.warnings];
  return { scored: { ...scored, warnings }, soundness: reading.soundness };
}

/** One problem's candidates in order. No code is kept, so a candidate without rewards is one without code. */
function ranked(rows: readonly RankRow[], selector: Selector): Pick<Choice, "ranking"> {
  const pool = rows.map(({ scored, soundness }) => ({
    sampleIndex: scored.sampleIndex,
    code: null,
    rewards: rewardsOf(scored),
    ...(soundness !== undefined && { soundness }),
  }));
  const scored = rows.map((row) => row.scored);
  return choose(scored[0]?.problemId ?? "", scored, pool, selector);
}

/** The best program of each problem so far, for --best: the only code that outlives its chunk. */
class BestPrograms {
  readonly #wanted: boolean;
  readonly #selector: Selector;
  readonly #best = new Map<string, { readonly row: RankRow; readonly code: string }>();

  constructor(wanted: boolean, selector: Selector) {
    this.#wanted = wanted;
    this.#selector = selector;
  }

  offer(row: RankRow, code: string): void {
    const { problemId, steps } = row.scored;
    if (!this.#wanted || steps.length === 0) return;
    const best = this.#best.get(problemId);
    const rows = best === undefined ? [row] : [best.row, row];
    const { ranking } = ranked(rows, this.#selector);
    if (best === undefined || ranking[0]?.codeSha256 !== best.row.scored.codeSha256)
      this.#best.set(problemId, { row, code });
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
