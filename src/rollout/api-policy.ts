import type { Problem } from "../core/problem.ts";
import type { ChatMessage, Continuation, Llm, SamplingParams } from "../llm/llm.ts";
import type { ModelPrice } from "../llm/cost/prices.ts";
import { type SampleJob, sampleProblems, type SamplingProgress } from "../llm/sampler.ts";
import type { SampleStore } from "../llm/store/store.ts";
import { FENCE, sentPrefix } from "./kept-prefix.ts";
import type { RolloutPolicy } from "./policy.ts";
import type { PrefixText } from "./prefix.ts";

export interface ApiPolicyOptions<P extends PrefixText> {
  readonly llm: Llm;
  readonly model: string;
  readonly params: SamplingParams;
  readonly continuation: Continuation;
  readonly store: SampleStore;
  readonly price?: ModelPrice | undefined;
  /** The prompt that the programs were sampled with: the statement with its instructions. */
  readonly promptOf: (problem: Problem) => readonly ChatMessage[];
  /** The program that a reply continues the prefix to; null when the reply does not keep it. */
  readonly kept: (prefix: P, reply: string) => string | null;
  readonly onProgress?: (progress: SamplingProgress) => void;
}

/** Where a completion ends: the fence that the prefix was opened with is closed. */
export const STOP = ["\n```"];

/**
 * An LLM as policy: every rollout is a continuation that the server was forced to begin with the prefix. A text that
 * does not keep it comes as a rollout without a program.
 */
export function apiPolicy<P extends PrefixText>(options: ApiPolicyOptions<P>): RolloutPolicy<P> {
  const { llm, model, params, continuation } = options;
  return {
    by: { policy: "api", model, endpoint: llm.endpoint, continuation, params },
    async *rollouts(prefixes, count, signal) {
      const indices = Array.from({ length: count }, (_, index) => index);
      const byKey = new Map(prefixes.map(({ prefix }) => [keyOf(prefix), prefix]));
      const jobs = prefixes.map(({ prefix, problem }): SampleJob => ({
        problemId: keyOf(prefix),
        messages: continuationMessages(options.promptOf(problem), prefix),
        indices,
      }));
      for await (const { problemId: key, sample } of sampleProblems(jobs, { ...options, signal })) {
        const prefix = byKey.get(key);
        if (prefix === undefined) throw new Error(`a sample of ${key}, which was not asked for`);
        yield { prefix, index: sample.index, program: options.kept(prefix, sample.text) };
      }
    },
  };
}

/** The prompt and, as the assistant's beginning, the prefix in an open fence. */
export function continuationMessages(
  prompt: readonly ChatMessage[],
  prefix: Pick<PrefixText, "text">,
): ChatMessage[] {
  return [...prompt, { role: "assistant", content: `${FENCE}${sentPrefix(prefix)}` }];
}

/** Named in errors, so the problem's id comes first. */
function keyOf({ problemId, step, sha256 }: PrefixText): string {
  return `${problemId} step ${step} ${sha256.slice(0, 16)}`;
}
