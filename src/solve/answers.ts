import { type Candidate, codeSha256 } from "../core/candidate.ts";
import { scoreCandidates } from "../core/best-of-n.ts";
import type { Problem } from "../core/problem.ts";
import { type RankedCandidate, rankCandidates, type ScoredCandidate } from "../core/ranking.ts";
import type { OpenMethod } from "./open-prm.ts";
import type { Options } from "../cli/options.ts";
import type { DataWriter } from "../cli/output.ts";
import { rankRecord } from "../cli/result-records.ts";
import type { Reporter } from "../cli/reporter.ts";
import type { Sampling } from "./sampling.ts";
import type { Choice, Selecting } from "./selecting.ts";

export interface AnswerRun {
  readonly problems: readonly Problem[];
  readonly options: Options;
  readonly report: Reporter;
  /** Absent for recorded candidates. */
  readonly sampling?: Sampling;
  readonly signal: AbortSignal;
}

/** Answers problems as their candidates come in and prints the answers in the order of the problems. */
export class Answers {
  unusable = 0;
  readonly #run: AnswerRun;
  readonly #open: OpenMethod;
  readonly #output: DataWriter;
  readonly #selecting: Selecting;
  readonly #done = new Map<string, string>();
  #next = 0;

  constructor(run: AnswerRun, open: OpenMethod, output: DataWriter, selecting: Selecting) {
    this.#selecting = selecting;
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
    const pairs = pool.map((candidate) => ({ problem, candidate }));
    const scored = await scoreCandidates(pairs, this.#open.method);
    const choice = await this.#selecting.choose(problem, pool, scored, this.#run.signal);
    const ranking = rankCandidates(scored, choice.scores);
    const best = ranking.find((ranked) => ranked.selected);
    const code = pool.find((candidate) => codeSha256(candidate.code) === best?.codeSha256)?.code;
    report.clear();
    if (best === undefined || code === undefined) {
      this.unusable += 1;
      report.warn(`problem ${problem.id}: no usable candidate among ${pool.length}`);
    } else {
      for (const warning of best.warnings)
        report.warn(`problem ${problem.id}, chosen sample ${best.sampleIndex}: ${warning}`);
      const why =
        choice.decidedBy === null ? "nothing told the candidates apart" : `decided by ${choice.decidedBy}`;
      report.note(
        `${problem.id}: sample ${best.sampleIndex} of ${pool.length}, ${why}; reward ${best.reward?.toFixed(4)} ` +
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
        decided_by: choice.decidedBy,
        ranking: ranking.map((ranked) => ({
          ...rankRecord(ranked),
          ...examplesRecord(choice, scored, ranked),
        })),
        by: {
          ...this.#open.by,
          select: this.#selecting.name,
          ...(sampling === undefined ? {} : { sampling: sampling.by(problem) }),
        },
      })}\n`;
    }
    if (code === undefined) return "";
    const program = code.endsWith("\n") ? code : `${code}\n`;
    // Several programs on one stream: a comment says whose each is.
    return problems.length === 1 ? program : `# funprm: ${JSON.stringify(problem.id)}\n${program}\n`;
  }
}

/** Which of the statement's examples a candidate passed, where they were run. */
function examplesRecord(
  choice: Choice,
  scored: readonly ScoredCandidate[],
  ranked: RankedCandidate,
): { readonly examples_passed?: readonly (boolean | null)[] } {
  const at = scored.findIndex(({ codeSha256: hash }) => hash === ranked.codeSha256);
  const results = choice.evidence[at]?.exampleResults;
  return results === undefined ? {} : { examples_passed: results };
}
