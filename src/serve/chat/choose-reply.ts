import { bestOfN, type Choice, type Method } from "../../core/best-of-n.ts";
import type { Problem } from "../../core/problem.ts";
import { interrupted, isInterruption } from "../../http/interruption.ts";
import type { Llm, Sample, SampleRequest, Usage } from "../../llm/llm.ts";
import { addUsage, NO_USAGE } from "../../llm/cost/usage.ts";
import { type Confidence, confidenceOf } from "../../solve/confidence.ts";
import { candidateOf } from "../../solve/sampling/candidate-of.ts";
import { Refusal } from "../../http/server/refusal.ts";

export interface ChooseRun {
  readonly llm: Llm;
  readonly method: Method;
  /** Ends everything: the client has gone. */
  readonly signal: AbortSignal;
  /** Milliseconds for sampling; what has come by then is chosen from. */
  readonly timeoutMs: number;
  /** Told of every sample, with how many there are. */
  readonly onSamples: (count: number) => void;
}

/** The reply that was chosen, and why. */
export interface ChosenReply {
  readonly sample: Sample;
  /** Samples that came, and that were asked for. */
  readonly of: number;
  readonly asked: number;
  /** The evidence that told the chosen one from others; null when none did. */
  readonly decidedBy: string | null;
  /** Which examples of the statement its program passed, where they were run; null: cannot be said. */
  readonly examplesPassed: readonly (boolean | null)[] | undefined;
  /** How likely the program is right, and by what facts; undefined where nothing was run. */
  readonly confidence: Confidence | undefined;
  readonly warnings: readonly string[];
  /** Of all samples. */
  readonly usage: Usage;
}

/**
 * Samples a request N times and chooses one reply by the programs in them. When some samples fail, or do not come in
 * time, it chooses among the others.
 *
 * @throws Refusal 504 when none came in time, FunprmError as `Llm.sample` when none came, `interrupted` after `signal`
 */
export async function chooseReply(
  problem: Problem,
  request: SampleRequest,
  run: ChooseRun,
): Promise<ChosenReply> {
  const { samples, warning } = await sampleAll(request, run);
  const candidates = samples.map((sample) =>
    candidateOf({ problemId: problem.id, sample }, problem, request.model),
  );
  const choice = await bestOfN(problem, candidates, run.method);
  if (run.signal.aborted) throw interrupted();
  const best = choice.ranking.find(({ selected }) => selected);
  // Without a program in any reply, the first is as good as the others.
  const sample = samples.find(({ index }) => index === best?.sampleIndex) ?? samples[0];
  if (sample === undefined) throw new RangeError("a choice among no samples");
  const warnings = [
    ...(warning === undefined ? [] : [warning]),
    ...(best === undefined ? ["no sample holds a program: the first one is the answer"] : best.warnings),
  ];
  return {
    sample,
    of: samples.length,
    asked: request.indices.length,
    decidedBy: choice.selection.decidedBy,
    examplesPassed: examplesOf(choice, sample.index),
    confidence: confidenceOf(choice),
    warnings,
    usage: samples.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
  };
}

/** The samples in the order of their indices; at least one. */
async function sampleAll(
  request: SampleRequest,
  { llm, signal, timeoutMs, onSamples }: ChooseRun,
): Promise<{ readonly samples: readonly Sample[]; readonly warning?: string }> {
  const samples: Sample[] = [];
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  let failure: unknown;
  try {
    if (signal.aborted) throw interrupted();
    for await (const batch of llm.sample(request, { signal: stop.signal })) {
      samples.push(...batch);
      onSamples(samples.length);
    }
  } catch (error) {
    failure = error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
  if (signal.aborted) throw interrupted();
  const inOrder = samples.toSorted((a, b) => a.index - b.index);
  if (failure === undefined) return { samples: inOrder };
  const seconds = Math.round(timeoutMs / 100) / 10;
  const isLate = late && isInterruption(failure);
  if (samples.length > 0) {
    const missing = `${request.indices.length - samples.length} of ${request.indices.length} samples did not come`;
    return { samples: inOrder, warning: isLate ? `${missing} within ${seconds} s` : missing };
  }
  if (!isLate) throw failure;
  throw new Refusal(504, "upstream_timeout", `the upstream gave no sample within ${seconds} s (--timeout)`);
}

function examplesOf({ pool }: Choice, sampleIndex: number): readonly (boolean | null)[] | undefined {
  return pool.find((evidence) => evidence.sampleIndex === sampleIndex)?.exampleResults;
}
