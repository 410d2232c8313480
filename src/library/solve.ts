import { endsSampling } from "../llm/api-failure.ts";
import { bestOfN, type Choice, type Method } from "../core/best-of-n.ts";
import { type Candidate, codeSha256 } from "../core/candidate.ts";
import type { FunprmError } from "../core/errors.ts";
import type { Pool } from "../core/evidence.ts";
import type { Problem } from "../core/problem.ts";
import type { RankedCandidate } from "../core/ranking.ts";
import { endingAtOnce } from "../sandbox/ending-at-once.ts";
import { RememberingSandbox } from "../sandbox/remembering-sandbox.ts";
import { type Options, optionsFrom } from "../settings/options.ts";
import { type Confidence, confidenceOf, sureOf } from "../solve/confidence.ts";
import { type OpenMethod, withMethod } from "../solve/open-method.ts";
import { type Rounds, sampleInRounds } from "../solve/rounds/sample-in-rounds.ts";
import { openSampling } from "../solve/sampling/sampling.ts";
import { type CandidateInput, candidatesFrom, problemFrom, type ProblemInput } from "./input.ts";
import {
  type CallOptions,
  reporterOf,
  type RunningOptions,
  type ScoringOptions,
  signalOf,
} from "./options.ts";

export interface SolveOptions extends CallOptions, RunningOptions, ScoringOptions {
  /** Programs or replies to choose from; absent: they are sampled. */
  readonly candidates?: readonly CandidateInput[];
  /** The LLM to sample from; several, separated by commas, take turns. */
  readonly model?: string;
  /** OpenAI-compatible API. Default: OpenAI's. */
  readonly baseUrl?: string;
  /** Environment variable that holds the API key. Default: OPENAI_API_KEY. */
  readonly apiKeyEnv?: string;
  /** Samples; `[4, 32]`: four at a time, as long as it pays. Default: 8. */
  readonly samples?: number | readonly [least: number, most: number];
  /** With a range of samples: the confidence that is enough. Default: 0.9. */
  readonly stopAt?: number;
  /** With a range of samples: the least gain that a further round must promise. Default: 0.002. */
  readonly minGain?: number;
  /** With a range of samples: mend the best program where none passes the examples. Default: false. */
  readonly repair?: boolean;
  /** Default: 0.8. */
  readonly temperature?: number;
  /** Most tokens of a reply. Default: 8192. */
  readonly maxTokens?: number;
  /** US dollars that are not to be passed. */
  readonly maxCost?: number;
  /** Folder that keeps samples. Default: `.funprm/samples` in the working directory. */
  readonly store?: string;
  /** How to choose. Default: `auto`; `auto+prm` where a PRM is named. */
  readonly select?: string;
}

/** The best program, why it was chosen, and everything that was seen. */
export interface Solution {
  /** null when no candidate holds code. */
  readonly code: string | null;
  readonly sampleIndex: number | null;
  /** P(right), P(no candidate is right) and what was seen, where something ran. */
  readonly confidence?: Confidence;
  /** The last evidence that told the chosen program from others; null when nothing did. */
  readonly decidedBy: string | null;
  /** Best first. */
  readonly ranking: readonly RankedCandidate[];
  readonly candidates: readonly Candidate[];
  /** What is known of each candidate, in the order of `candidates`. */
  readonly evidence: Pool;
  /** How the samples came about, where they were drawn in rounds. */
  readonly rounds?: Rounds;
}

/**
 * The best of N programs for a problem: the given `candidates`, or samples of `model`. Runs programs in the sandbox.
 *
 * @throws FunprmError `usage` and `input` for what cannot be used, `api` and `budget` when sampling ended before there was
 * a candidate, `grading` for a named interpreter that does not run, `interrupted`
 */
export async function solve(input: ProblemInput, options: SolveOptions): Promise<Solution> {
  const problem = problemFrom(input);
  const settings = settingsOf(options);
  const signal = signalOf(options);
  return withMethod(settings, reporterOf(options), signal, async (open) => {
    if (options.candidates !== undefined)
      return solutionOf(problem, candidatesFrom(options.candidates, problem), open.method);
    return sampled(problem, settings, options, { open, signal });
  });
}

function settingsOf(options: SolveOptions): Options {
  const { candidates: _, signal: _signal, onWarning: _onWarning, samples, ...values } = options;
  const count = typeof samples === "object" ? samples.join("..") : samples;
  return optionsFrom({ ...values, ...(count !== undefined && { samples: count }) });
}

async function sampled(
  problem: Problem,
  settings: Options,
  options: SolveOptions,
  { open, signal }: { readonly open: OpenMethod; readonly signal: AbortSignal },
): Promise<Solution> {
  const sampling = await openSampling(settings, reporterOf(options));
  const { leastSamples: least, samples: most, stopAt, minGain, repair } = settings;
  try {
    if (least === most) {
      const candidates: Candidate[] = [];
      const failure = await failureOf(async () => {
        for await (const candidate of sampling.candidates([problem], signal)) candidates.push(candidate);
      });
      if (failure !== undefined && candidates.length === 0) throw failure;
      if (failure !== undefined) options.onWarning?.(failure.message);
      return await solutionOf(problem, candidates, open.method);
    }
    const opened = await open.sandbox();
    const sandbox = opened && new RememberingSandbox(endingAtOnce(opened));
    const plan = { least, most, stopAt, minGain };
    const drawn = await sampleInRounds(problem, { plan, repair, sampling, sandbox, signal });
    if (drawn.failure !== undefined && drawn.candidates.length === 0) throw drawn.failure;
    if (drawn.failure !== undefined) options.onWarning?.(drawn.failure.message);
    const { rounds, stopped, repairs } = drawn;
    const method = open.methodUntil(signal, (fresh) => sandbox ?? fresh);
    const solution = await solutionOf(problem, drawn.candidates, method);
    const sure = sureOf(drawn, solution.code);
    return {
      ...(sure !== undefined && { confidence: sure }),
      ...solution,
      rounds: { rounds, stopped, repairs },
    };
  } finally {
    await sampling.close();
  }
}

/** What was sampled before the API failed or the budget ended is still worth a choice. */
async function failureOf(work: () => Promise<void>): Promise<FunprmError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (endsSampling(error)) return error;
    throw error;
  }
}

async function solutionOf(
  problem: Problem,
  arrived: readonly Candidate[],
  method: Method,
): Promise<Solution> {
  const candidates = arrived.toSorted((a, b) => a.sampleIndex - b.sampleIndex);
  const choice: Choice = await bestOfN(problem, candidates, method);
  const best = choice.ranking.find(({ selected }) => selected);
  const confidence = confidenceOf(choice);
  return {
    code: candidates.find(({ code }) => codeSha256(code) === best?.codeSha256)?.code ?? null,
    sampleIndex: best?.sampleIndex ?? null,
    ...(confidence !== undefined && { confidence }),
    decidedBy: choice.selection.decidedBy,
    ranking: choice.ranking,
    candidates,
    evidence: choice.pool,
  };
}
