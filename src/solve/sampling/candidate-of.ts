import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import { confidenceFields } from "../../core/sampler-confidence.ts";
import type { ProblemSample } from "../../llm/sampler.ts";
import { extractCode } from "../../reply/extract.ts";

/** The candidate that a sample holds. */
export function candidateOf(
  { problemId, sample }: Pick<ProblemSample, "problemId" | "sample">,
  problem: Problem | undefined,
  model: string,
): Candidate {
  const { text, index, refusal, usage, finishReason } = sample;
  const entryPoint = problem?.entryPoint;
  const { code, warnings } = extractCode(text, entryPoint === undefined ? {} : { entryPoint });
  return {
    problemId,
    sampleIndex: index,
    code,
    ...(text !== code && { reply: text }),
    model,
    warnings: [...sample.warnings, ...warnings],
    extra: {
      finish_reason: finishReason,
      ...(refusal !== undefined && { refusal }),
      ...(sample.logprobs !== undefined &&
        confidenceFields({ ...sample.logprobs, meanLogProbability: sample.logprobs.meanLogprob })),
      usage: {
        prompt_tokens: usage.promptTokens,
        completion_tokens: usage.completionTokens,
        reasoning_tokens: usage.reasoningTokens,
      },
    },
  };
}
