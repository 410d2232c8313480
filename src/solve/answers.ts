import { bestOfN, type Choice, type Method } from "../core/best-of-n.ts";
import { type Candidate, codeSha256 } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";
import type { RankedCandidate } from "../core/ranking.ts";
import type { DataWriter } from "../console/output.ts";
import type { Reporter } from "../console/reporter.ts";
import { loadRepairPrompt } from "../prompt/load.ts";
import { endingAtOnce } from "../sandbox/ending-at-once.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Options } from "../settings/options.ts";
import { type Confidence, confidenceOf, type Looked, sureOf } from "./confidence.ts";
import type { OpenMethod } from "./open-method.ts";
import { type RecombinedClass, recombinedClass } from "./recombined-class.ts";
import { rankRecord } from "./result-records.ts";
import type { Rounds } from "./rounds/sample-in-rounds.ts";
import type { Sampling } from "./sampling/sampling.ts";
import type { Separating } from "./open-separation.ts";
import { separationRecord, separationText } from "./separation-record.ts";

export interface AnswerRun {
  readonly problems: readonly Problem[];
  readonly options: Options;
  readonly report: Reporter;
  /** Absent for recorded candidates. */
  readonly sampling?: Sampling;
  /** An LLM that helps where programs still tie; absent without `--separate`. */
  readonly separating?: Separating | undefined;
  readonly signal: AbortSignal;
}

/** How the samples of a problem came about, and what looked at them on the way. */
export interface Drawn {
  readonly rounds: Rounds;
  readonly method: Method;
  readonly looked: Looked | undefined;
}

/** Answers problems as their candidates come in and prints the answers in the order of the problems. */
export class Answers {
  unusable = 0;
  readonly #run: AnswerRun;
  readonly #open: OpenMethod;
  readonly #output: DataWriter;
  readonly #done = new Map<string, string>();
  #next = 0;

  constructor(run: AnswerRun, open: OpenMethod, output: DataWriter) {
    this.#run = run;
    this.#open = open;
    this.#output = output;
  }

  /** Answers a problem, once, from the candidates there are; prints whatever is next in order. */
  async add(problemId: string, arrived: readonly Candidate[], drawn?: Drawn): Promise<void> {
    const problem = this.#run.problems.find(({ id }) => id === problemId);
    if (problem === undefined || this.#done.has(problemId)) return;
    // Samples arrive in any order; the same samples are to give the same answer, ties included.
    const candidates = arrived.toSorted((a, b) => a.sampleIndex - b.sampleIndex);
    this.#done.set(problemId, await this.#answer(problem, candidates, drawn));
    for (;;) {
      const next = this.#run.problems[this.#next];
      const text = next === undefined ? undefined : this.#done.get(next.id);
      if (text === undefined) return;
      await this.#output.write(text);
      this.#next += 1;
    }
  }

  async #answer(problem: Problem, candidates: readonly Candidate[], drawn?: Drawn): Promise<string> {
    const { options, report, problems, sampling, separating } = this.#run;
    const choice = await bestOfN(problem, candidates, this.#method(drawn));
    const helped = separating?.reportOf(problem);
    const best = choice.ranking.find((ranked) => ranked.selected);
    const chosen = candidates.find((candidate) => codeSha256(candidate.code) === best?.codeSha256)?.code;
    const recombined = await this.#recombined(problem, candidates);
    const confidence = confidenceOf(choice) ?? (drawn && sureOf(drawn, chosen));
    const ownTests = choice.pool[choice.selection.chosen ?? -1];
    const passesTests = ownTests?.ownTestsPassed;
    const isTested = options.test !== undefined || options.testFile !== undefined;
    const isSure = isTested ? passesTests === true : (confidence?.confidence ?? 0) >= options.minConfidence;
    const code = isSure ? (recombined?.code ?? chosen) : undefined;
    report.clear();
    if (!isSure && chosen !== undefined) {
      this.unusable += 1;
      const why =
        passesTests === false
          ? failsTests(candidates.length, ownTests?.ownTestsOutput ?? "")
          : isTested
            ? `your tests could not be run on sample ${best?.sampleIndex ?? 0}, since the sandbox failed; run the command again`
            : this.#doubt(confidence, candidates.length);
      report.warn(`problem ${problem.id}: ${why}`);
    } else if (best === undefined || code === undefined) {
      this.unusable += 1;
      report.warn(`problem ${problem.id}: ${this.#whyNone(candidates.length)}`);
    } else {
      for (const warning of best.warnings)
        report.warn(`problem ${problem.id}, chosen sample ${best.sampleIndex}: ${warning}`);
      report.note(
        `${problem.id}: sample ${best.sampleIndex} of ${candidates.length}, ${this.#why(choice, best)}`,
      );
      if (confidence !== undefined)
        report.note(`  ${percent(confidence.confidence)} likely to be right: ${confidence.facts.join("; ")}`);
      if (passesTests !== undefined) report.note(`  ${testsText(choice)}`);
      if (drawn !== undefined) report.note(`  ${roundsText(drawn.rounds)}`);
      if (helped !== undefined) report.note(`  ${separationText(helped, choice.selection)}`);
    }
    if (options.json) {
      return `${JSON.stringify({
        problem_id: problem.id,
        sample_index: best?.sampleIndex ?? null,
        reward: best?.reward ?? null,
        code: code ?? null,
        ...(recombined !== undefined && {
          recombined: { base: recombined.base, methods: recombined.methods },
        }),
        candidates: candidates.length,
        ...(drawn !== undefined && { rounds: roundsRecord(drawn.rounds) }),
        decided_by: choice.selection.decidedBy,
        ...(passesTests !== undefined && { passes_own_tests: passesTests }),
        ...(helped !== undefined && { separation: separationRecord(helped, choice.selection) }),
        confidence: confidence?.confidence ?? null,
        none_passes: confidence?.nonePasses ?? null,
        facts: confidence?.facts ?? [],
        ranking: choice.ranking.map((ranked) => ({
          ...rankRecord(ranked),
          ...examplesRecord(choice, candidates, ranked),
        })),
        by: {
          ...this.#open.by,
          ...(sampling === undefined ? {} : { sampling: sampling.by(problem) }),
          ...(separating === undefined ? {} : { separation: separating.by }),
        },
      })}\n`;
    }
    if (code === undefined) return "";
    const program = code.endsWith("\n") ? code : `${code}\n`;
    // Several programs on one stream: a comment says whose each is.
    return problems.length === 1 ? program : `# funprm: ${JSON.stringify(problem.id)}\n${program}\n`;
  }

  /** An LLM is asked for help for the answer alone, not while samples are drawn. */
  #method(drawn: Drawn | undefined): Method {
    const { separating, signal } = this.#run;
    const method = drawn?.method ?? this.#open.method;
    const sandbox = async (): Promise<Sandbox | undefined> => {
      const opened = await this.#open.sandbox();
      return opened && endingAtOnce(opened);
    };
    return separating?.extend(method, { sandbox, signal }) ?? method;
  }

  #doubt(confidence: Confidence | undefined, candidates: number): string {
    const { minConfidence } = this.#run.options;
    const asked = `--min-confidence ${minConfidence} asks for more`;
    if (confidence === undefined)
      return `nothing was run that would say how likely the best of ${candidates} candidates is right, and ${asked}`;
    return `the best of ${candidates} candidates is ${percent(confidence.confidence)} likely to be right, and ${asked}: ${confidence.facts.join("; ")}`;
  }

  #whyNone(count: number): string {
    if (count > 0) return `no usable candidate among ${count}: none holds code`;
    const { candidates } = this.#run.options;
    return candidates === undefined
      ? "no candidate was sampled"
      : `no candidate; ${candidates} has none of this problem`;
  }

  /** With `--recombine`: a class of several candidates' methods, where that does better than one of them. */
  async #recombined(
    problem: Problem,
    candidates: readonly Candidate[],
  ): Promise<RecombinedClass | undefined> {
    const { options, report, signal } = this.#run;
    const sandbox = options.recombine ? await this.#open.sandbox() : undefined;
    if (sandbox === undefined) return undefined;
    const recombined = await recombinedClass(problem, candidates, { sandbox, signal });
    if (recombined !== undefined) {
      const taken = Object.entries(recombined.methods).map(([method, sample]) => `${method} of ${sample}`);
      report.note(`${problem.id}: recombined, sample ${recombined.base} with ${taken.join(", ")}`);
    }
    return recombined;
  }

  #why({ selection }: Choice, best: RankedCandidate): string {
    const { decidedBy } = selection;
    const why = decidedBy === null ? "nothing told the candidates apart" : `decided by ${decidedBy}`;
    const { aggregate, prm } = this.#open.by;
    if (best.reward === null) return why;
    return `${why}; reward ${best.reward.toFixed(4)} (${aggregate} of ${best.steps.length} steps, ${prm})`;
  }
}

function failsTests(count: number, output: string): string {
  const last = output.trimEnd().split("\n").slice(-12).join("\n  ");
  return `none of ${count} candidates passes your tests. They say of the best one:\n  ${last}`;
}

function testsText({ pool }: Choice): string {
  const passing = pool.filter(({ ownTestsPassed }) => ownTestsPassed === true);
  return `passes your tests, as ${passing.length} of ${pool.length} candidates do`;
}

function roundsText({ rounds, stopped, repairs }: Rounds): string {
  const mended = Object.keys(repairs).length;
  const told = mended === 0 ? "" : `, ${mended} of the samples mend another one`;
  return `${rounds} round${rounds === 1 ? "" : "s"} of samples${told}; ${stopped}`;
}

function roundsRecord({ rounds, stopped, repairs }: Rounds): object {
  // Their samples answer another prompt than the one that the record names.
  const mended = Object.keys(repairs).length > 0 && { repair_prompt_sha256: loadRepairPrompt().sha256 };
  return { count: rounds, stopped, repairs, ...mended };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Which of the statement's examples a candidate passed, where they were run. */
function examplesRecord(
  { pool }: Choice,
  candidates: readonly Candidate[],
  ranked: RankedCandidate,
): { readonly examples_passed?: readonly (boolean | null)[] } {
  const at = candidates.findIndex(({ code }) => codeSha256(code) === ranked.codeSha256);
  const results = pool[at]?.exampleResults;
  return results === undefined ? {} : { examples_passed: results };
}
